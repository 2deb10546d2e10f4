namespace MimiiGen.Audio;

/// <summary>
/// The coarse spectrum of a whole clip: levels in bands of equal width on the mel scale (2595 log10(1 + f/700)) from 0 Hz to half the sample
/// rate, and the filter without phase that gives a clip other such levels. The bands are triangles that overlap by half and add to 1.
/// </summary>
public static class SpectralEnvelope
{
    /// <summary>Number of bands.</summary>
    public const int Bands = 32;

    private const double LargestGain = 18;

    /// <summary>Level of each band in dB relative to the level of the whole clip: (bands); silence is -120.</summary>
    /// <param name="samples">At least 100 ms.</param>
    /// <param name="sampleRate">In Hz.</param>
    public static float[] Measure(ReadOnlySpan<float> samples, int sampleRate) => At(sampleRate).Measure(samples, sampleRate);

    /// <summary>The clip filtered so that its bands have these levels, relative to its whole, as far as a gain of 18 dB reaches.</summary>
    /// <param name="samples">At least 100 ms.</param>
    /// <param name="sampleRate">In Hz.</param>
    /// <param name="levels">Wanted levels in dB: (bands).</param>
    public static float[] Impose(ReadOnlySpan<float> samples, int sampleRate, ReadOnlySpan<float> levels) => At(sampleRate).Impose(samples, sampleRate, levels);

    private static TriangleBands At(int sampleRate)
    {
        var perMel = (Bands - 1) / MelScale.Htk.ToMel(sampleRate / 2.0);
        return new TriangleBands(Bands, frequency => MelScale.Htk.ToMel(frequency) * perMel, LargestGain);
    }
}
