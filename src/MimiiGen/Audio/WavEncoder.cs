using System.Buffers.Binary;

namespace MimiiGen.Audio;

/// <summary>Writes the header and the interleaved samples of a WAV file.</summary>
internal sealed class WavEncoder(int channels, int sampleRate, long frames, WavEncoding encoding)
{
    private const int FramesAtOnce = 1 << 14;

    private readonly int bits = encoding switch { WavEncoding.Pcm16 => 16, WavEncoding.Pcm24 => 24, _ => 32 };

    private int BlockAlign => channels * bits / 8;

    /// <summary>Writes blocks that make <c>frames</c> frames in all.</summary>
    public void Write(Stream stream, IEnumerable<Waveform> blocks)
    {
        WriteHeader(stream);
        long written = 0;
        foreach (var block in blocks)
        {
            if (block.ChannelCount != channels || block.SampleRate != sampleRate)
                throw new ArgumentException($"{block.ChannelCount} channels at {block.SampleRate} Hz among {channels} at {sampleRate}", nameof(blocks));
            Write(stream, block);
            written += block.Length;
        }

        if (written != frames) throw new ArgumentException($"{written} frames instead of {frames}", nameof(blocks));
        if ((frames * BlockAlign) % 2 == 1) stream.WriteByte(0);
    }

    private void Write(Stream stream, Waveform block)
    {
        var bytes = new byte[Math.Min(block.Length, FramesAtOnce) * BlockAlign];
        for (var start = 0; start < block.Length; start += FramesAtOnce)
        {
            var count = Math.Min(FramesAtOnce, block.Length - start);
            for (var c = 0; c < channels; c++)
                Encode(block.Channel(c).AsSpan(start, count), encoding, bytes.AsSpan(c * bits / 8), BlockAlign);
            stream.Write(bytes, 0, count * BlockAlign);
        }
    }

    /// <summary>More than two channels ask for WAVE_FORMAT_EXTENSIBLE; channel mask 0 ties them to no loudspeaker, as for a microphone array.</summary>
    private void WriteHeader(Stream stream)
    {
        var tag = encoding == WavEncoding.Float32 ? WavFormat.FloatTag : WavFormat.PcmTag;
        var extensible = channels > 2;
        var fmtSize = extensible ? 40 : 16;
        if (channels > ushort.MaxValue / (bits / 8)) throw new BadInputException($"a WAV file can't hold {channels} channels of {bits} bits");
        if (frames > (uint.MaxValue - 100) / BlockAlign) throw new BadInputException($"a WAV file can't hold {frames} frames of {BlockAlign} bytes; write shorter files");
        var dataSize = frames * BlockAlign;
        using var writer = new BinaryWriter(stream, System.Text.Encoding.ASCII, leaveOpen: true);
        writer.Write("RIFF"u8);
        writer.Write((uint)(4 + 8 + fmtSize + 8 + dataSize + (dataSize & 1)));
        writer.Write("WAVEfmt "u8);
        writer.Write(fmtSize);
        writer.Write(extensible ? WavFormat.ExtensibleTag : tag);
        writer.Write((ushort)channels);
        writer.Write(sampleRate);
        writer.Write((uint)Math.Min((long)sampleRate * BlockAlign, uint.MaxValue));
        writer.Write((ushort)BlockAlign);
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
