using MimiiGen.Audio;
using MimiiGen.Checkpoints;

namespace MimiiGen.Generation;

/// <summary>A given recording that a clip is made from.</summary>
/// <param name="Name">Its file's name, for the clip's record.</param>
/// <param name="Sha256">Of its file.</param>
/// <param name="Samples">One channel.</param>
/// <param name="SampleRate">In Hz.</param>
public sealed record SourceSound(string Name, string Sha256, float[] Samples, int SampleRate)
{
    /// <summary>Duration in seconds.</summary>
    public double Seconds => (double)Samples.Length / SampleRate;

    /// <summary>Reads one channel, counted from 0, of a WAV file.</summary>
    /// <exception cref="BadInputException">The file can't be read, lacks the channel, or is silent, too short or not finite.</exception>
    public static SourceSound Read(string path, int channel = 0)
    {
        var file = WavFile.Read(path);
        if (channel < 0 || channel >= file.ChannelCount) throw new BadInputException($"{path}: no channel {channel}; it has {file.ChannelCount}, counted from 0");
        var samples = file.Channel(channel);
        WaveformCheck.Of(samples, file.SampleRate / 10).Require(path);
        return new SourceSound(Path.GetFileName(path), FileHash.Sha256(path), samples, file.SampleRate);
    }
}
