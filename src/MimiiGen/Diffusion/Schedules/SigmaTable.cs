namespace MimiiGen.Diffusion;

/// <summary>Noise levels sigma = sqrt((1 - abar) / abar) of a schedule, the time axis of the Euler family and of DPM-Solver.</summary>
internal sealed class SigmaTable
{
    private readonly double[] sigmas; // ascending, one a training step
    private readonly double[] logSigmas;

    public SigmaTable(NoiseSchedule schedule)
    {
        // a schedule of zero terminal SNR would end at infinity: diffusers puts abar = 2^-24 there
        sigmas = [.. schedule.AlphasCumprod.Select(a => a == 0 ? Math.Pow(2, -24) : a).Select(a => Math.Sqrt((1 - a) / a))];
        logSigmas = [.. sigmas.Select(sigma => Math.Log(sigma))];
    }

    public double Smallest => sigmas[0];

    public double Largest => sigmas[^1];

    /// <summary>Sigma at a fractional timestep, linear between the whole ones.</summary>
    public double At(double timestep)
    {
        var below = Math.Clamp((int)timestep, 0, sigmas.Length - 2);
        var part = Math.Clamp(timestep - below, 0, 1);
        return ((1 - part) * sigmas[below]) + (part * sigmas[below + 1]);
    }

    /// <summary>The fractional timestep of a sigma, linear in the logarithm.</summary>
    public double TimestepOf(double sigma)
    {
        var log = Math.Log(Math.Max(sigma, 1e-10));
        var below = Math.Clamp(Array.FindLastIndex(logSigmas, l => l <= log), 0, sigmas.Length - 2);
        var part = Math.Clamp((log - logSigmas[below]) / (logSigmas[below + 1] - logSigmas[below]), 0, 1);
        return below + part;
    }

    /// <summary>How many of the training steps have half log-SNR ln(1 / sigma) above a bound.</summary>
    public int CountAbove(double smallestLambda) => sigmas.Length - logSigmas.Count(log => -log < smallestLambda);

    /// <summary>Levels from largest to smallest, equally spaced in their seventh root (Karras et al. 2022, eq. 5).</summary>
    public static double[] Karras(double largest, double smallest, int steps) =>
        [.. NoiseSchedule.Spaced(Math.Pow(largest, 1 / 7.0), Math.Pow(smallest, 1 / 7.0), steps).Select(root => Math.Pow(root, 7))];
}
