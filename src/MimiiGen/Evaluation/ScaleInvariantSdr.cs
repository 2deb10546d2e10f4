using MimiiGen.Audio;

namespace MimiiGen.Evaluation;

/// <summary>
/// The scale-invariant signal-to-distortion ratio (Le Roux et al. 2019): how much of a copy is the original, whatever its gain. Means are
/// removed first; 1e-8 in numerator and denominator keeps it between -80 dB (nothing in common) and about 80 dB (equal), as auraloss does.
/// </summary>
public static class ScaleInvariantSdr
{
    private const double Epsilon = 1e-8;

    /// <summary>The ratio in dB.</summary>
    /// <param name="target">The original.</param>
    /// <param name="estimate">Its copy, as long.</param>
    /// <exception cref="ArgumentException">Lengths differ, or there are no samples.</exception>
    public static double Of(ReadOnlySpan<float> target, ReadOnlySpan<float> estimate)
    {
        if (target.IsEmpty || target.Length != estimate.Length) throw new ArgumentException("a copy is as long as its original", nameof(estimate));
        double meanT = Mean(target), meanE = Mean(estimate), cross = 0, power = 0;
        for (var i = 0; i < target.Length; i++)
        {
            cross += (estimate[i] - meanE) * (target[i] - meanT);
            power += (target[i] - meanT) * (target[i] - meanT);
        }

        var gain = cross / (power + Epsilon);
        var noise = 0.0;
        for (var i = 0; i < target.Length; i++)
        {
            var rest = estimate[i] - meanE - (gain * (target[i] - meanT));
            noise += rest * rest;
        }

        return 10 * Math.Log10((gain * gain * power / (noise + Epsilon)) + Epsilon);
    }

    private static double Mean(ReadOnlySpan<float> samples)
    {
        var sum = 0.0;
        foreach (var sample in samples) sum += sample;
        return sum / samples.Length;
    }
}
