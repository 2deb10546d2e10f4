using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>The time axis DPM-Solver++ and UniPC share: x = a x0 + s noise with sigma = s / a and half log-SNR lambda = ln(a / s).</summary>
internal static class SolverTable
{
    /// <summary>Timesteps and their sigmas, with one more sigma at the end.</summary>
    /// <param name="config">Schedule and spacing.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="whole">How Karras' fractional timesteps become whole.</param>
    public static (double[] Timesteps, double[] Sigmas) Of(SamplerConfig config, int steps, Func<double, double> whole)
    {
        if (config.FinalSigmasType is not ("zero" or "sigma_min"))
            throw new BadInputException($"final_sigmas_type '{config.FinalSigmasType}' isn't there; use zero or sigma_min");
        var table = new SigmaTable(config.NoiseSchedule());
        var last = config.FinalSigmasType == "zero" ? 0 : table.Smallest;
        if (config.UseKarrasSigmas)
        {
            var karras = SigmaTable.Karras(table.Largest, table.Smallest, steps);
            return ([.. karras.Select(sigma => whole(table.TimestepOf(sigma)))], [.. karras, last]);
        }

        var timesteps = TimestepTable.WithoutZero(
            config.TimestepSpacing ?? TimestepSpacing.Linspace, config.NumTrainTimesteps, steps, config.StepsOffset, table.CountAbove(config.LambdaMinClipped));
        return (timesteps, [.. timesteps.Select(table.At), last]);
    }

    public static (double A, double S, double Lambda) Level(double sigma)
    {
        var a = 1 / Math.Sqrt((sigma * sigma) + 1);
        return (a, sigma * a, -Math.Log(sigma));
    }

    public static Tensor AddNoise(Tensor clean, Tensor noise, double sigma)
    {
        using var scope = NewDisposeScope();
        var (a, s, _) = Level(sigma);
        return ((a * clean) + (s * noise)).MoveToOuterDisposeScope();
    }
}
