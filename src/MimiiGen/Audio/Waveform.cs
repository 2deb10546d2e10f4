namespace MimiiGen.Audio;

/// <summary>Sound in memory: channels of equal length at one sample rate; full scale is +-1, values beyond it are kept.</summary>
public sealed class Waveform
{
    /// <summary>Wraps the arrays without copying them.</summary>
    /// <param name="channels">(channels, frames): one array a channel, all of one length; at least one channel.</param>
    /// <param name="sampleRate">Frames a second, above 0.</param>
    /// <exception cref="ArgumentException">No channel, or channels of different lengths.</exception>
    public Waveform(float[][] channels, int sampleRate)
    {
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRate);
        if (channels.Length == 0) throw new ArgumentException("a waveform needs at least one channel", nameof(channels));
        if (channels.Any(c => c.Length != channels[0].Length)) throw new ArgumentException("channels differ in length", nameof(channels));
        Channels = channels;
        SampleRate = sampleRate;
    }

    /// <summary>(channels, frames); the arrays themselves, not copies.</summary>
    public float[][] Channels { get; }

    /// <summary>Frames a second (Hz).</summary>
    public int SampleRate { get; }

    /// <summary>Number of channels, at least 1.</summary>
    public int ChannelCount => Channels.Length;

    /// <summary>Number of frames: samples a channel.</summary>
    public int Length => Channels[0].Length;

    /// <summary>Duration in seconds.</summary>
    public double Seconds => (double)Length / SampleRate;

    /// <summary>The samples of one channel, counted from 0; the array itself, not a copy.</summary>
    public float[] Channel(int index) => Channels[index];

    /// <summary>A waveform of one channel; the array is not copied.</summary>
    public static Waveform Mono(float[] samples, int sampleRate) => new([samples], sampleRate);
}
