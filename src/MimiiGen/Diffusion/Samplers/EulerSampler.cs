using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>
/// Euler steps along sigma (Karras et al. 2022, algorithm 1 without churn), or ancestral ones that take some of the noise out and draw it
/// anew, as diffusers' EulerDiscreteScheduler and EulerAncestralDiscreteScheduler.
/// </summary>
public sealed class EulerSampler : Sampler
{
    private readonly SigmaAxis axis;
    private readonly bool ancestral;

    /// <summary>The table for that many steps.</summary>
    public EulerSampler(SamplerConfig config, int steps)
    {
        ArgumentNullException.ThrowIfNull(config);
        axis = new SigmaAxis(config, steps);
        ancestral = config.ClassName == "EulerAncestralDiscreteScheduler";
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => axis.Timesteps;

    /// <inheritdoc/>
    public override double StartFactor => axis.StartFactor;

    /// <inheritdoc/>
    public override bool NeedsNoise(int index) => ancestral;

    /// <inheritdoc/>
    public override Tensor ScaleModelInput(Tensor sample, int index) => SigmaAxis.ModelInput(sample, axis.Sigmas[index]);

    /// <inheritdoc/>
    public override Tensor AddNoise(Tensor clean, Tensor noise, int index) => SigmaAxis.AddNoise(clean, noise, axis.Sigmas[index]);

    private protected override Tensor Next(Tensor modelOutput, int index, Tensor sample, Tensor? noise, SamplerHistory history)
    {
        var (from, to) = (axis.Sigmas[index], axis.Sigmas[index + 1]);
        var slope = axis.Slope(modelOutput, sample, from);
        if (!ancestral) return sample + ((to - from) * slope);
        var fresh = Math.Sqrt(to * to * ((from * from) - (to * to)) / (from * from));
        var down = Math.Sqrt((to * to) - (fresh * fresh));
        return sample + ((down - from) * slope) + (fresh * noise!);
    }
}
