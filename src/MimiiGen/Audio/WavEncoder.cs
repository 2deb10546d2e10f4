using System.Buffers.Binary;

namespace MimiiGen.Audio;

/// <summary>Writes the header and the interleaved samples of a WAV file.</summary>
internal static class WavEncoder
{
    private const int FramesAtOnce = 1 << 14;

    public static void Encode(Stream stream, Waveform waveform, WavEncoding encoding)
    {
        var bits = encoding switch { WavEncoding.Pcm16 => 16, WavEncoding.Pcm24 => 24, _ => 32 };
        var blockAlign = waveform.ChannelCount * bits / 8;
        WriteHeader(stream, waveform, encoding == WavEncoding.Float32 ? WavFormat.FloatTag : WavFormat.PcmTag, bits, blockAlign);
        var bytes = new byte[Math.Min(waveform.Length, FramesAtOnce) * blockAlign];
        for (var start = 0; start < waveform.Length; start += FramesAtOnce)
        {
            var count = Math.Min(FramesAtOnce, waveform.Length - start);
            for (var c = 0; c < waveform.ChannelCount; c++)
                Encode(waveform.Channel(c).AsSpan(start, count), encoding, bytes.AsSpan(c * bits / 8), blockAlign);
            stream.Write(bytes, 0, count * blockAlign);
        }

        if (((long)waveform.Length * blockAlign) % 2 == 1) stream.WriteByte(0);
    }

    /// <summary>More than two channels ask for WAVE_FORMAT_EXTENSIBLE; channel mask 0 ties them to no loudspeaker, as for a microphone array.</summary>
    private static void WriteHeader(Stream stream, Waveform waveform, ushort tag, int bits, int blockAlign)
    {
        var extensible = waveform.ChannelCount > 2;
        var dataSize = (long)waveform.Length * blockAlign;
        var fmtSize = extensible ? 40 : 16;
        if (waveform.ChannelCount > ushort.MaxValue / (bits / 8)) throw new BadInputException($"a WAV file can't hold {waveform.ChannelCount} channels of {bits} bits");
        if (dataSize > uint.MaxValue - 100) throw new BadInputException($"a WAV file can't hold {dataSize} bytes of samples; write shorter files");
        using var writer = new BinaryWriter(stream, System.Text.Encoding.ASCII, leaveOpen: true);
        writer.Write("RIFF"u8);
        writer.Write((uint)(4 + 8 + fmtSize + 8 + dataSize + (dataSize & 1)));
        writer.Write("WAVEfmt "u8);
        writer.Write(fmtSize);
        writer.Write(extensible ? WavFormat.ExtensibleTag : tag);
        writer.Write((ushort)waveform.ChannelCount);
        writer.Write(waveform.SampleRate);
        writer.Write((uint)Math.Min((long)waveform.SampleRate * blockAlign, uint.MaxValue));
        writer.Write((ushort)blockAlign);
        writer.Write((ushort)bits);
        if (extensible)
        {
            writer.Write((ushort)22); // bytes that follow in this chunk
            writer.Write((ushort)bits); // all bits are valid
            writer.Write(0); // channel mask
            writer.Write(tag);
            writer.Write(WavFormat.SubFormatTail);
        }

        writer.Write("data"u8);
        writer.Write((uint)dataSize);
    }

    private static void Encode(ReadOnlySpan<float> samples, WavEncoding encoding, Span<byte> bytes, int step)
    {
        for (int i = 0, at = 0; i < samples.Length; i++, at += step)
        {
            var sample = bytes[at..];
            switch (encoding)
            {
                case WavEncoding.Pcm16:
                    BinaryPrimitives.WriteInt16LittleEndian(sample, (short)Quantise(samples[i], 32768));
                    break;
                case WavEncoding.Pcm24:
                    var value = Quantise(samples[i], 8388608);
                    (sample[0], sample[1], sample[2]) = ((byte)value, (byte)(value >> 8), (byte)(value >> 16));
                    break;
                default:
                    BinaryPrimitives.WriteSingleLittleEndian(sample, samples[i]);
                    break;
            }
        }
    }

    private static int Quantise(float sample, double scale)
    {
        if (float.IsNaN(sample)) throw new BadInputException("the waveform holds NaN, which integer samples can't tell; find what made it, or write Float32");
        return (int)Math.Clamp(Math.Round(sample * scale, MidpointRounding.ToEven), -scale, scale - 1);
    }
}
