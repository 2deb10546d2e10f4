using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>Denoising diffusion probabilistic models: ancestral sampling (Ho et al. 2020, algorithm 2), as diffusers' DDPMScheduler.</summary>
public sealed class DdpmSampler : Sampler
{
    private readonly SamplerConfig config;
    private readonly NoiseSchedule schedule;
    private readonly double[] timesteps;

    /// <summary>The table for that many steps.</summary>
    /// <exception cref="BadInputException">The variance type isn't there.</exception>
    public DdpmSampler(SamplerConfig config, int steps)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.VarianceType is not ("fixed_small" or "fixed_small_log" or "fixed_large"))
            throw new BadInputException($"variance_type '{config.VarianceType}' isn't there; use fixed_small, fixed_small_log or fixed_large");
        this.config = config;
        schedule = config.NoiseSchedule();
        timesteps = TimestepTable.Of(config.TimestepSpacing ?? TimestepSpacing.Leading, schedule.TrainingSteps, steps, config.StepsOffset);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => timesteps;

    /// <inheritdoc/>
    public override bool NeedsNoise(int index) => timesteps[index] > 0;

    /// <inheritdoc/>
    public override Tensor AddNoise(Tensor clean, Tensor noise, int index)
    {
        ArgumentNullException.ThrowIfNull(clean);
        return schedule.AddNoise(clean, noise, [.. Enumerable.Repeat((int)timesteps[index], (int)clean.shape[0])]);
    }

    private protected override Tensor Next(Tensor modelOutput, int index, Tensor sample, Tensor? noise, SamplerHistory history)
    {
        var alpha = schedule.AlphasCumprod[(int)timesteps[index]];
        var alphaPrevious = index + 1 < timesteps.Length ? schedule.AlphasCumprod[(int)timesteps[index + 1]] : 1;
        var ratio = alpha / alphaPrevious; // alpha of this step alone
        var clean = CleanSampleLimit.Apply(config, config.PredictionType.Denoised(modelOutput, sample, Math.Sqrt(alpha), Math.Sqrt(1 - alpha)));

        var mean = (Math.Sqrt(alphaPrevious) * (1 - ratio) / (1 - alpha) * clean)
            + (Math.Sqrt(ratio) * (1 - alphaPrevious) / (1 - alpha) * sample); // eq. 7
        if (!NeedsNoise(index)) return mean;
        var variance = Math.Max((1 - alphaPrevious) / (1 - alpha) * (1 - ratio), 1e-20);
        return mean + (Math.Sqrt(config.VarianceType == "fixed_large" ? 1 - ratio : variance) * noise!);
    }
}
