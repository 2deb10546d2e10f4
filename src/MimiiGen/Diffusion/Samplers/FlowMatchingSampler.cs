using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>
/// Euler steps along the straight paths x = (1 - sigma) x0 + sigma noise of a model that predicts noise - x0 (Lipman et al. 2023), as
/// diffusers' FlowMatchEulerDiscreteScheduler.
/// </summary>
public sealed class FlowMatchingSampler : Sampler
{
    private readonly double[] sigmas; // one more than timesteps
    private readonly double[] timesteps;

    /// <summary>The table for that many steps.</summary>
    public FlowMatchingSampler(SamplerConfig config, int steps)
    {
        ArgumentNullException.ThrowIfNull(config);
        var shift = config.Shift;
        var smallest = Shifted(1.0 / config.NumTrainTimesteps);
        double[] falling = [.. NoiseSchedule.Spaced(1, smallest, steps).Select(Shifted)]; // diffusers shifts the lower end twice
        timesteps = [.. falling.Select(sigma => sigma * config.NumTrainTimesteps)];
        sigmas = [.. falling, 0];

        double Shifted(double sigma) => shift * sigma / (1 + ((shift - 1) * sigma)); // Esser et al. 2024, eq. 23
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => timesteps;

    /// <inheritdoc/>
    public override Tensor AddNoise(Tensor clean, Tensor noise, int index)
    {
        using var scope = NewDisposeScope();
        return (((1 - sigmas[index]) * clean) + (sigmas[index] * noise)).MoveToOuterDisposeScope();
    }

    private protected override Tensor Next(Tensor modelOutput, int index, Tensor sample, Tensor? noise, SamplerHistory history) =>
        sample + ((sigmas[index + 1] - sigmas[index]) * modelOutput);
}
