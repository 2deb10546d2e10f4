namespace MimiiGen.Audio;

/// <summary>
/// The fine spectrum of a whole clip: levels in bands 8 Hz wide from 0 Hz to half the sample rate, triangles that overlap by half, and the filter without phase that gives a clip other
/// such levels. It holds what hums and whistles in a machine all through a clip, which no second of it tells apart from noise; to set such statistics on a sound is texture synthesis
/// (McDermott and Simoncelli 2011, "Sound texture perception via statistics of the auditory periphery").
/// </summary>
public static class FineSpectrum
{
    /// <summary>From band to band, in Hz.</summary>
    public const int BandWidth = 8;

    private const double LargestGain = 30;
    private const double ShortestSeconds = 2.0 / BandWidth;

    /// <summary>Number of bands.</summary>
    /// <param name="sampleRate">In Hz.</param>
    public static int Bands(int sampleRate) => (int)Math.Ceiling(sampleRate / 2.0 / BandWidth) + 1;

    /// <summary>Whether a clip is long enough, 0.25 s; of a shorter one a band has hardly a bin.</summary>
    /// <param name="samples">Its samples.</param>
    /// <param name="sampleRate">In Hz.</param>
    public static bool Fits(int samples, int sampleRate) => samples >= ShortestSeconds * sampleRate;

    /// <summary>Level of each band in dB relative to the level of the whole clip: (bands); silence is -120.</summary>
    /// <param name="samples">As many as <see cref="Fits"/> asks for.</param>
    /// <param name="sampleRate">In Hz.</param>
    public static float[] Measure(ReadOnlySpan<float> samples, int sampleRate) => At(sampleRate).Measure(samples, sampleRate);

    /// <summary>The clip filtered so that its bands have these levels, relative to its whole, as far as a gain of 30 dB reaches.</summary>
    /// <param name="samples">As many as <see cref="Fits"/> asks for.</param>
    /// <param name="sampleRate">In Hz.</param>
    /// <param name="levels">Wanted levels in dB: (bands).</param>
    public static float[] Impose(ReadOnlySpan<float> samples, int sampleRate, ReadOnlySpan<float> levels) => At(sampleRate).Impose(samples, sampleRate, levels);

    private static TriangleBands At(int sampleRate) => new(Bands(sampleRate), frequency => frequency / BandWidth, LargestGain);
}
