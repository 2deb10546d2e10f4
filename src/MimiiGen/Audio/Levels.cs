namespace MimiiGen.Audio;

/// <summary>
/// Levels in dB relative to full scale: 0 dB is a mean square of 1 (a square wave between -1 and 1; a full-scale sine reads -3.01).
/// Whatever is quieter than <see cref="Floor"/>, silence included, reads as the floor.
/// </summary>
public static class Levels
{
    /// <summary>The lowest level that is told: -200 dB.</summary>
    public const double Floor = -200;

    private const int Segment = 4096; // samples of a Welch segment behind the band levels

    /// <summary>10 log10 of the mean square.</summary>
    public static double Rms(ReadOnlySpan<float> samples) => ToDecibels(MeanPower(samples, 0, 2));

    /// <summary>20 log10 of the largest magnitude among the samples; see <see cref="Loudness.TruePeak"/> for the peak between them.</summary>
    public static double Peak(ReadOnlySpan<float> samples)
    {
        var peak = 0.0;
        foreach (var sample in samples) peak = Math.Max(peak, Math.Abs(sample));
        return ToDecibels(peak * peak);
    }

    /// <summary>Peak minus rms in dB: 3.01 for a sine, about 12 for noise, more for knocks and clicks.</summary>
    public static double CrestFactor(ReadOnlySpan<float> samples) => Peak(samples) - Rms(samples);

    /// <summary>Fourth central moment over the squared variance, minus 3: 0 for Gaussian noise, -1.5 for a sine, large for clicks; NaN for a constant.</summary>
    public static double ExcessKurtosis(ReadOnlySpan<float> samples)
    {
        var mean = MeanPower(samples, 0, 1);
        var variance = MeanPower(samples, mean, 2);
        return (MeanPower(samples, mean, 4) / (variance * variance)) - 3;
    }

    /// <summary>
    /// Octave bands from 63 Hz to 8 kHz (IEC 61260-1: exact centres 1000 10^(3k/10) Hz, edges 10^(3/20) to each side), by the sum of the
    /// Welch density (Hann, 4096) over the bins of a band. A band that reaches over half the sample rate is cut there, as the 8 kHz band
    /// is at 16 kHz; a band that begins above it is left out.
    /// </summary>
    public static IReadOnlyList<BandLevel> OctaveBands(ReadOnlySpan<float> samples, int sampleRate) =>
        Bands(samples, sampleRate, Enumerable.Range(-4, 8).Select(k => 3 * k), halfWidth: 0.15, (low, _, nyquist) => low < nyquist);

    /// <summary>
    /// Third-octave bands from 20 Hz on (exact centres 1000 10^(k/10) Hz, edges 10^(1/20) to each side), by the sum of the Welch density
    /// (Hann, 4096) over the bins of a band; bands wholly below half the sample rate.
    /// </summary>
    public static IReadOnlyList<BandLevel> ThirdOctaveBands(ReadOnlySpan<float> samples, int sampleRate) =>
        Bands(samples, sampleRate, Enumerable.Range(-17, 31), halfWidth: 0.05, (_, high, nyquist) => high <= nyquist);

    /// <summary>The average over time of each band of a log-mel spectrum, in the unit of that spectrum.</summary>
    /// <param name="samples">One channel at the rate of <paramref name="logMel"/>.</param>
    /// <param name="logMel">The spectrum's settings.</param>
    /// <returns>(mels).</returns>
    /// <exception cref="BadInputException">Too few samples for a frame.</exception>
    public static float[] MelBands(ReadOnlySpan<float> samples, LogMel logMel)
    {
        ArgumentNullException.ThrowIfNull(logMel);
        using var frames = logMel.Compute(samples); // (frames, mels)
        using var average = frames.mean([0]); // (mels)
        return [.. average.data<float>()];
    }

    /// <summary>10 log10 of a mean square, not below <see cref="Floor"/>.</summary>
    internal static double ToDecibels(double meanSquare) => 10 * Math.Log10(Math.Max(meanSquare, 1e-20));

    private static List<BandLevel> Bands(
        ReadOnlySpan<float> samples, int sampleRate, IEnumerable<int> tenths, double halfWidth, Func<double, double, double, bool> include)
    {
        var density = Welch.Density(samples, sampleRate, Segment, removeMean: false);
        var step = (double)sampleRate / Math.Min(Segment, Math.Max(1, samples.Length)); // Hz from bin to bin
        var levels = new List<BandLevel>();
        foreach (var tenth in tenths)
        {
            var centre = 1000 * Math.Pow(10, tenth / 10.0);
            var (low, high) = (centre * Math.Pow(10, -halfWidth), centre * Math.Pow(10, halfWidth));
            if (!include(low, high, sampleRate / 2.0)) continue;
            var power = density.Where((_, k) => k * step >= low && k * step < high).Sum() * step;
            levels.Add(new BandLevel(centre, ToDecibels(power)));
        }

        return levels;
    }

    private static double MeanPower(ReadOnlySpan<float> samples, double about, int power)
    {
        if (samples.IsEmpty) return 0;
        var sum = 0.0;
        foreach (var sample in samples)
        {
            var x = sample - about;
            sum += power switch { 1 => x, 2 => x * x, _ => x * x * x * x };
        }

        return sum / samples.Length;
    }
}
