using System.Globalization;
using MimiiGen.Checkpoints;
using MimiiGen.Codec.Streaming;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Codec.Files;

/// <summary>
/// An encoded waveform as safetensors: <c>codes</c> (codebooks, frames) as int32 or <c>latents</c> (hidden, frames) as float32, the segments one after the
/// other, and <c>scales</c> (segments) where the codec has any; in the metadata <c>codec</c> and <c>samples</c>.
/// </summary>
internal static class EncodedTensors
{
    private const string Codes = "codes";
    private const string Latents = "latents";
    private const string Scales = "scales";
    private const string CodecKey = "codec";
    private const string SamplesKey = "samples";
    private const int FramesAtOnce = 375; // 5 s at 75 frames a second

    /// <summary>Writes codes as they come, or latents.</summary>
    /// <param name="path">The file.</param>
    /// <param name="codec">That encoded them.</param>
    /// <param name="samples">Samples a channel of the waveform.</param>
    /// <param name="codebooks">Codebooks of the codes; none for latents.</param>
    /// <param name="parts">Codes or latents.</param>
    public static void Write(string path, NamedCodec codec, long samples, int? codebooks, IEnumerable<EncodedPart> parts)
    {
        var config = codec.Model.Config;
        var segments = new Segments(config, samples);
        var name = codebooks is null ? Latents : Codes;
        var outlines = new List<TensorOutline> { new(name, codebooks is null ? ScalarType.Float32 : ScalarType.Int32, [codebooks ?? config.HiddenSize, segments.TotalFrames]) };
        if (config.EncodedRms is not null) outlines.Add(new TensorOutline(Scales, ScalarType.Float32, [segments.Count]));
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [CodecKey] = codec.Name, [SamplesKey] = samples.ToString(CultureInfo.InvariantCulture) };
        SafeTensors.WriteColumns(path, outlines, metadata, tensors =>
        {
            long first = 0;
            foreach (var part in parts)
            {
                tensors.Write(name, first, part.Frames);
                first += part.Count;
                part.Frames.Dispose();
                if (part.Scale is not { } scale) continue;
                using var value = tensor([scale]);
                tensors.Write(Scales, part.Segment, value);
            }
        });
    }

    /// <summary>What a file holds; its codes or latents are read as they are asked for.</summary>
    /// <exception cref="BadInputException">No such file, or one of another codec.</exception>
    public static EncodedFile Open(string path, NamedCodec codec)
    {
        var stream = InputFile.Open(path);
        try
        {
            var (tensors, metadata) = SafeTensors.OpenColumns(stream, path);
            if (!metadata.TryGetValue(CodecKey, out var model) || !metadata.TryGetValue(SamplesKey, out var text) || !long.TryParse(text, CultureInfo.InvariantCulture, out var samples) || samples < 1)
                throw new BadInputException($"{path}: not written by encode: its metadata lacks '{CodecKey}' or '{SamplesKey}'");
            codec.Require(model, path);
            var name = tensors.Find(Codes) is null ? Latents : Codes;
            Check(path, codec, tensors, name, new Segments(codec.Model.Config, samples));
            return new EncodedFile(stream, samples, name == Codes ? (int)tensors.Find(name)!.Shape[0] : null, Parts(path, codec.Model.Config, tensors, name, samples));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static void Check(string path, NamedCodec codec, TensorColumns tensors, string name, Segments segments)
    {
        var found = tensors.Find(name) ?? throw new BadInputException($"{path}: neither a tensor '{Codes}' nor '{Latents}'");
        var most = name == Codes ? codec.Model.Config.NumQuantizers : codec.Model.Config.HiddenSize;
        var rows = found.Shape.Count == 2 ? found.Shape[0] : 0;
        if (rows < 1 || rows > most || (name == Latents && rows != most) || found.Shape[1] != segments.TotalFrames)
            throw new BadInputException($"{path}: tensor '{name}' has shape [{string.Join(", ", found.Shape)}], {codec.Name} needs [{(name == Codes ? $"1 to {most}" : most)}, {segments.TotalFrames}] for {segments.Samples} samples");
        var integers = found.Type is ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64;
        if (integers != (name == Codes) || !(integers || found.Type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
            throw new BadInputException($"{path}: tensor '{name}' is {found.Type}; codes are integers, latents are floats");
        if (codec.Model.Config.EncodedRms is not null && tensors.Find(Scales)?.Shape.SequenceEqual([segments.Count]) != true)
            throw new BadInputException($"{path}: tensor '{Scales}' [{segments.Count}] is missing or has another shape");
    }

    private static IEnumerable<EncodedPart> Parts(string path, EncodecConfig config, TensorColumns tensors, string name, long samples)
    {
        var segments = new Segments(config, samples);
        var type = name == Codes ? ScalarType.Int64 : ScalarType.Float32;
        long first = 0;
        for (long segment = 0; segment < segments.Count; segment++)
        {
            var scale = config.EncodedRms is null ? null : ReadScale(path, tensors, segment);
            var end = first + segments.Frames(segment);
            for (; first < end; first += FramesAtOnce)
            {
                var count = Math.Min(FramesAtOnce, end - first);
                using var stored = tensors.Read(name, first, count); // (rows, count)
                yield return new EncodedPart(stored.to(type, copy: true), segment, scale);
            }

            first = end;
        }
    }

    private static float? ReadScale(string path, TensorColumns tensors, long segment)
    {
        using var stored = tensors.Read(Scales, segment, 1); // (1, 1)
        var scale = stored.to(ScalarType.Float32).ToSingle();
        return float.IsFinite(scale) ? scale : throw new BadInputException($"{path}: segment {segment} has the scale {scale}");
    }
}
