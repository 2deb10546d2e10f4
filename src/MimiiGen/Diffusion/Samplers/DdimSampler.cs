using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>Denoising diffusion implicit models (Song et al. 2021, eq. 12), as diffusers' DDIMScheduler.</summary>
public sealed class DdimSampler : Sampler
{
    private readonly SamplerConfig config;
    private readonly NoiseSchedule schedule;
    private readonly double[] timesteps;

    /// <summary>The table for that many steps.</summary>
    public DdimSampler(SamplerConfig config, int steps)
    {
        ArgumentNullException.ThrowIfNull(config);
        this.config = config;
        schedule = config.NoiseSchedule();
        timesteps = TimestepTable.Of(config.TimestepSpacing ?? TimestepSpacing.Leading, schedule.TrainingSteps, steps, config.StepsOffset);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => timesteps;

    /// <inheritdoc/>
    public override bool NeedsNoise(int index) => config.Eta > 0;

    /// <inheritdoc/>
    public override Tensor AddNoise(Tensor clean, Tensor noise, int index)
    {
        ArgumentNullException.ThrowIfNull(clean);
        return schedule.AddNoise(clean, noise, [.. Enumerable.Repeat((int)timesteps[index], (int)clean.shape[0])]);
    }

    private protected override Tensor Next(Tensor modelOutput, int index, Tensor sample, Tensor? noise, SamplerHistory history)
    {
        var t = (int)timesteps[index];
        var previous = t - (schedule.TrainingSteps / timesteps.Length); // not the table's next entry: linspace and odd counts differ, as in diffusers
        var alpha = schedule.AlphasCumprod[t];
        var alphaPrevious = previous >= 0 ? schedule.AlphasCumprod[previous] : config.SetAlphaToOne != false ? 1 : schedule.AlphasCumprod[0];
        var (a, s) = (Math.Sqrt(alpha), Math.Sqrt(1 - alpha));

        var clean = CleanSampleLimit.Apply(config, config.PredictionType.Denoised(modelOutput, sample, a, s));
        var residual = config.UseClippedModelOutput
            ? (sample - (a * clean)) / s
            : config.PredictionType.Noise(modelOutput, sample, a, s);
        var sigma = config.Eta * Math.Sqrt((1 - alphaPrevious) / (1 - alpha) * (1 - (alpha / alphaPrevious)));
        var next = (Math.Sqrt(alphaPrevious) * clean) + (Math.Sqrt(1 - alphaPrevious - (sigma * sigma)) * residual);
        return noise is null || config.Eta == 0 ? next : next + (sigma * noise);
    }
}
