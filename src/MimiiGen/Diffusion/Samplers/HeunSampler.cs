using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>
/// Heun's method along sigma (Karras et al. 2022, algorithm 1), as diffusers' HeunDiscreteScheduler: calls 0, 2, 4, ... go an Euler step
/// ahead, calls 1, 3, 5, ... go back and take the mean of both slopes; the last interval is one Euler step.
/// </summary>
public sealed class HeunSampler : Sampler
{
    private readonly SigmaAxis axis;
    private readonly double[] timesteps;

    /// <summary>The table for that many steps, which take twice as many calls less one.</summary>
    public HeunSampler(SamplerConfig config, int steps)
    {
        axis = new SigmaAxis(config, steps);
        timesteps = [.. axis.Timesteps.SelectMany((t, i) => i == 0 ? [t] : new[] { t, t })];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => timesteps;

    /// <inheritdoc/>
    public override double StartFactor => axis.StartFactor;

    /// <inheritdoc/>
    public override int CallsPerStep => 2;

    /// <inheritdoc/>
    public override Tensor ScaleModelInput(Tensor sample, int index) => SigmaAxis.ModelInput(sample, SigmaBefore(index));

    /// <inheritdoc/>
    public override Tensor AddNoise(Tensor clean, Tensor noise, int index) => SigmaAxis.AddNoise(clean, noise, SigmaBefore(index));

    private protected override Tensor Next(Tensor modelOutput, int index, Tensor sample, Tensor? noise, SamplerHistory history)
    {
        var slope = axis.Slope(modelOutput, sample, SigmaBefore(index));
        var step = axis.Sigmas[(index / 2) + 1] - axis.Sigmas[index / 2];
        if (index % 2 == 1) return history.Sample! + (step / 2 * (history[0] + slope));
        history.RememberSample(sample);
        history.Remember(slope, keep: 1);
        return sample + (step * slope);
    }

    private double SigmaBefore(int index) => axis.Sigmas[(index + 1) / 2];
}
