using MimiiGen.Checkpoints;

namespace MimiiGen.Audio;

/// <summary>
/// Reads and writes WAV files. Read: PCM of 8, 16, 24, 32 bits, floats of 32 and 64, A-law and mu-law, any number of channels and any rate,
/// in RIFF (plain or WAVE_FORMAT_EXTENSIBLE), RF64 and BW64.
/// <para>
/// Where the format leaves a choice: samples that are NaN, infinite or beyond full scale are passed on as they are stored;
/// a file that ends early, or within a frame, gives its whole frames, and <see cref="WavInfo.Truncated"/> says so;
/// sizes left at 0 or 0xFFFFFFFF by a program that wrote to a pipe mean "to the end of the file"; an RF64 file without its sizes is refused.
/// </para>
/// </summary>
public static class WavFile
{
    /// <summary>All samples of a file: an integer of b bits is divided by 2^(b-1); 64-bit floats are rounded to 32.</summary>
    /// <exception cref="BadInputException">No such file, no WAV file, or one whose header contradicts itself.</exception>
    public static Waveform Read(string path)
    {
        using var stream = Open(path);
        var header = WavHeader.Read(stream, path);
        if (header.Frames > Array.MaxLength) throw new BadInputException($"{path} has {header.Frames} frames, too many for one piece; cut it into shorter files");
        return Decode(stream, header, 0, (int)header.Frames);
    }

    /// <summary>A part of a file, read without touching the rest.</summary>
    /// <param name="path">The file.</param>
    /// <param name="start">First frame, counted from 0.</param>
    /// <param name="frames">Number of frames.</param>
    /// <exception cref="BadInputException">As for <see cref="Read"/>, or the part reaches beyond the end of the file.</exception>
    public static Waveform ReadSegment(string path, long start, int frames)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(frames);
        using var stream = Open(path);
        var header = WavHeader.Read(stream, path);
        if (start > header.Frames - frames)
            throw new BadInputException($"{path} has {header.Frames} frames, so {frames} can't be read from frame {start} on");
        return Decode(stream, header, start, frames);
    }

    /// <summary>All samples of a file, a block in memory at a time.</summary>
    /// <param name="path">The file.</param>
    /// <param name="framesAtOnce">Frames of a block, above 0; the last one may be shorter.</param>
    /// <exception cref="BadInputException">As for <see cref="Read"/>, when the first block is asked for.</exception>
    public static IEnumerable<Waveform> ReadBlocks(string path, int framesAtOnce)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(framesAtOnce);
        using var stream = Open(path);
        var header = WavHeader.Read(stream, path);
        for (long start = 0; start < header.Frames; start += framesAtOnce)
            yield return Decode(stream, header, start, (int)Math.Min(framesAtOnce, header.Frames - start));
    }

    /// <summary>What the header says, without decoding samples.</summary>
    /// <exception cref="BadInputException">As for <see cref="Read"/>.</exception>
    public static WavInfo ReadInfo(string path)
    {
        using var stream = Open(path);
        var header = WavHeader.Read(stream, path);
        return new WavInfo(header.Format.SampleRate, header.Format.Channels, header.Format.Bits, header.Format.Codec, header.Frames, header.Truncated);
    }

    /// <summary>
    /// Writes a file aside and renames it into place. Integers are round(x 2^(b-1)), halves to even, clipped to
    /// [-2^(b-1), 2^(b-1) - 1], so that what was read from a file of the same width is written back bit for bit.
    /// </summary>
    /// <exception cref="BadInputException">NaN can't be written as an integer; more than 4 GB can't be written.</exception>
    public static void Write(string path, Waveform waveform, WavEncoding encoding = WavEncoding.Pcm16)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        Write(path, [waveform], waveform.ChannelCount, waveform.SampleRate, waveform.Length, encoding);
    }

    /// <summary>Writes a file like <see cref="Write(string, Waveform, WavEncoding)"/> from blocks, one in memory at a time.</summary>
    /// <param name="path">The file.</param>
    /// <param name="blocks">One after the other, all of one rate and number of channels.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="sampleRate">Frames a second.</param>
    /// <param name="frames">Frames of all blocks together.</param>
    /// <param name="encoding">How to store a sample.</param>
    /// <exception cref="BadInputException">NaN can't be written as an integer; more than 4 GB can't be written.</exception>
    public static void Write(string path, IEnumerable<Waveform> blocks, int channels, int sampleRate, long frames, WavEncoding encoding = WavEncoding.Pcm16)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        var encoder = new WavEncoder(channels, sampleRate, frames, encoding);
        AtomicFile.Write(path, stream => encoder.Write(stream, blocks));
    }

    private static FileStream Open(string path) => InputFile.Open(path, "WAV file");

    private static Waveform Decode(FileStream stream, WavHeader header, long start, int frames)
    {
        stream.Position = header.DataStart + (start * header.Format.BlockAlign);
        return new Waveform(WavDecoder.Decode(stream, header.Format, frames), header.Format.SampleRate);
    }
}
