using System.Buffers.Binary;

namespace MimiiGen.Audio;

/// <summary>Turns stored samples into floats: an integer of b bits is divided by 2^(b-1), G.711 codes expand to 16 bits first.</summary>
internal static class WavDecoder
{
    private const int FramesAtOnce = 1 << 14;

    private static readonly float[] ALaw = [.. Enumerable.Range(0, 256).Select(code => ExpandALaw(code) / 32768f)];
    private static readonly float[] MuLaw = [.. Enumerable.Range(0, 256).Select(code => ExpandMuLaw(code) / 32768f)];

    /// <summary>Reads frames from the stream's position on into (channels, frames); memory beyond the result is bounded.</summary>
    public static float[][] Decode(Stream stream, WavFormat format, int frames)
    {
        var channels = new float[format.Channels][];
        for (var c = 0; c < channels.Length; c++) channels[c] = new float[frames];
        var bytes = new byte[Math.Min(frames, FramesAtOnce) * format.BlockAlign];
        for (var start = 0; start < frames; start += FramesAtOnce)
        {
            var count = Math.Min(FramesAtOnce, frames - start);
            stream.ReadExactly(bytes, 0, count * format.BlockAlign);
            for (var c = 0; c < channels.Length; c++)
                Decode(bytes.AsSpan(c * format.BytesPerSample), format, channels[c].AsSpan(start, count));
        }

        return channels;
    }

    /// <summary>One channel of an interleaved block whose first byte is that channel's first sample.</summary>
    private static void Decode(ReadOnlySpan<byte> bytes, WavFormat format, Span<float> samples)
    {
        var step = format.BlockAlign;
        for (int i = 0, at = 0; i < samples.Length; i++, at += step)
        {
            var sample = bytes[at..];
            samples[i] = (format.Codec, format.Bits) switch
            {
                (WavCodec.ALaw, _) => ALaw[sample[0]],
                (WavCodec.MuLaw, _) => MuLaw[sample[0]],
                (WavCodec.Float, 32) => BinaryPrimitives.ReadSingleLittleEndian(sample),
                (WavCodec.Float, _) => (float)BinaryPrimitives.ReadDoubleLittleEndian(sample),
                (_, 8) => (sample[0] - 128) / 128f,
                (_, 16) => BinaryPrimitives.ReadInt16LittleEndian(sample) / 32768f,
                (_, 24) => ((sample[0] << 8 | sample[1] << 16 | sample[2] << 24) >> 8) / 8388608f,
                _ => BinaryPrimitives.ReadInt32LittleEndian(sample) / 2147483648f,
            };
        }
    }

    private static int ExpandALaw(int code)
    {
        code ^= 0x55;
        var segment = (code >> 4) & 7;
        var mantissa = ((code & 15) << 4) + (segment == 0 ? 8 : 0x108);
        var magnitude = segment > 1 ? mantissa << (segment - 1) : mantissa;
        return (code & 0x80) != 0 ? magnitude : -magnitude;
    }

    private static int ExpandMuLaw(int code)
    {
        const int bias = 0x84;
        code = ~code;
        var magnitude = ((((code & 15) << 3) + bias) << ((code >> 4) & 7)) - bias;
        return (code & 0x80) != 0 ? -magnitude : magnitude;
    }
}
