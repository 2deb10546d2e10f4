using System.Buffers.Binary;
using MimiiGen.Checkpoints;
using MimiiGen.Codec.Streaming;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Codec.Files;

/// <summary>
/// The encodec package's container without its language model. After the header the segments follow, each from a fresh byte on: its scale as a
/// big-endian float where the codec has one, then the codes frame by frame, of each frame the first codebook first.
/// </summary>
internal static class EcdcFile
{
    private const int FramesAtOnce = 375; // 5 s at 75 frames a second

    /// <summary>Writes codes as they come.</summary>
    public static void Write(string path, NamedCodec codec, long samples, int codebooks, IEnumerable<EncodedPart> codes) => AtomicFile.Write(path, stream =>
    {
        new EcdcHeader(codec.Name, samples, codebooks).Write(stream);
        var bits = new CodeBitWriter(stream, Width(codec));
        long segment = -1;
        foreach (var part in codes)
        {
            using var frames = part.Frames.t().contiguous().cpu(); // (frames, codebooks)
            part.Frames.Dispose();
            if (part.Segment != segment)
            {
                bits.End();
                segment = part.Segment;
                if (part.Scale is { } scale) Write(stream, scale);
            }

            foreach (var code in frames.data<long>().ToArray()) bits.Write(code);
        }

        bits.End();
    });

    /// <summary>Header and codes of a file; the codes are read as they are asked for.</summary>
    /// <exception cref="BadInputException">No <c>.ecdc</c> file, a cut one, or one of another codec.</exception>
    public static EncodedFile Open(string path, NamedCodec codec)
    {
        var stream = InputFile.Open(path);
        try
        {
            var header = EcdcHeader.Read(stream, path);
            codec.Require(header.Model, path);
            var most = codec.Model.Config.NumQuantizers;
            if (header.Codebooks > most) throw new BadInputException($"{path}: {header.Codebooks} codebooks, but {codec.Name} has {most}");
            var surplus = Surplus(stream, path, codec, header);
            return new EncodedFile(stream, header.Samples, header.Codebooks, Parts(stream, path, codec, header)) { TrailingBytes = surplus };
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Bytes behind the last segment.</summary>
    private static long Surplus(FileStream stream, string path, NamedCodec codec, EcdcHeader header)
    {
        var there = stream.Length - stream.Position;
        if (header.Samples / codec.Model.Config.HopLength / 8 > there) throw Cut("many more are needed"); // a frame has a bit at the least: what follows can't overflow
        long bitsOfFrame = header.Codebooks * Width(codec);
        var scale = codec.Model.Config.EncodedRms is null ? 0 : sizeof(float);
        var needed = new Segments(codec.Model.Config, header.Samples).Sum(frames => scale + (((frames * bitsOfFrame) + 7) / 8));
        return there >= needed ? there - needed : throw Cut($"{needed} are needed");

        BadInputException Cut(string need) => new($"{path}: cut off: {there} bytes of codes, {need} for {header.Samples} samples with {header.Codebooks} codebooks");
    }

    private static IEnumerable<EncodedPart> Parts(Stream stream, string path, NamedCodec codec, EcdcHeader header)
    {
        var segments = new Segments(codec.Model.Config, header.Samples);
        var bits = new CodeBitReader(stream, Width(codec));
        for (long segment = 0; segment < segments.Count; segment++)
        {
            float? scale = codec.Model.Config.EncodedRms is null ? null : ReadScale(stream, path);
            var frames = segments.Frames(segment);
            for (long done = 0; done < frames; done += FramesAtOnce)
            {
                var codes = new long[Math.Min(FramesAtOnce, frames - done) * header.Codebooks];
                for (var i = 0; i < codes.Length; i++) codes[i] = bits.Read();
                using var rows = tensor(codes, [codes.Length / header.Codebooks, header.Codebooks]); // (frames, codebooks)
                yield return new EncodedPart(rows.t().contiguous(), segment, scale);
            }

            bits.End();
        }
    }

    private static int Width(NamedCodec codec) => (int)Math.Ceiling(codec.Model.Config.BitsPerCode);

    private static void Write(Stream stream, float scale)
    {
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleBigEndian(bytes, scale);
        stream.Write(bytes);
    }

    private static float ReadScale(Stream stream, string path)
    {
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        stream.ReadExactly(bytes);
        var scale = BinaryPrimitives.ReadSingleBigEndian(bytes);
        return float.IsFinite(scale) ? scale : throw new BadInputException($"{path}: damaged: a segment has the scale {scale}");
    }
}
