using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>The time axis of Euler and Heun: x = x0 + sigma noise, whose standard deviation the model must not see.</summary>
internal sealed class SigmaAxis
{
    private readonly PredictionType prediction;

    public SigmaAxis(SamplerConfig config, int steps)
    {
        prediction = config.PredictionType;
        var table = new SigmaTable(config.NoiseSchedule());
        var spacing = config.TimestepSpacing ?? TimestepSpacing.Linspace;
        Timesteps = TimestepTable.Of(spacing, config.NumTrainTimesteps, steps, config.StepsOffset, rounded: false);
        double[] sigmas = [.. Timesteps.Select(table.At)];
        if (config.UseKarrasSigmas)
        {
            sigmas = SigmaTable.Karras(sigmas[0], sigmas[^1], steps);
            Timesteps = [.. sigmas.Select(table.TimestepOf)];
        }

        Sigmas = [.. sigmas, 0];
        StartFactor = spacing == TimestepSpacing.Leading ? Math.Sqrt((sigmas[0] * sigmas[0]) + 1) : sigmas[0];
    }

    public double[] Timesteps { get; }

    /// <summary>One more than timesteps; the last is 0.</summary>
    public double[] Sigmas { get; }

    public double StartFactor { get; }

    /// <summary>dx / dsigma = (x - x0) / sigma.</summary>
    public Tensor Slope(Tensor modelOutput, Tensor sample, double sigma)
    {
        var a = 1 / Math.Sqrt((sigma * sigma) + 1);
        return (sample - prediction.Denoised(modelOutput, a * sample, a, sigma * a)) / sigma;
    }

    public static Tensor ModelInput(Tensor sample, double sigma) => sample / Math.Sqrt((sigma * sigma) + 1);

    public static Tensor AddNoise(Tensor clean, Tensor noise, double sigma)
    {
        using var scaled = sigma * noise;
        return clean + scaled;
    }
}
