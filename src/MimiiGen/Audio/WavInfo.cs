namespace MimiiGen.Audio;

/// <summary>What the header of a WAV file says, checked against the file's true length.</summary>
/// <param name="SampleRate">Frames a second (Hz).</param>
/// <param name="Channels">Number of channels.</param>
/// <param name="Bits">Bits of a stored sample: 8, 16, 24, 32 or 64.</param>
/// <param name="Codec">How a sample is stored.</param>
/// <param name="Frames">Whole frames that are present in the file.</param>
/// <param name="Truncated">The data chunk promises more than the file holds, or ends within a frame.</param>
public sealed record WavInfo(int SampleRate, int Channels, int Bits, WavCodec Codec, long Frames, bool Truncated)
{
    /// <summary>Duration in seconds of the frames that are present.</summary>
    public double Seconds => (double)Frames / SampleRate;
}
