using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>
/// Sampling of a consistency model (Song et al. 2023, algorithm 1; Luo et al. 2023), as diffusers' LCMScheduler: each call gives a clean
/// sample, to which less noise is added again.
/// </summary>
public sealed class LcmSampler : Sampler
{
    private const double DataSpread = 0.5;
    private const double TimestepScaling = 10;

    private readonly SamplerConfig config;
    private readonly NoiseSchedule schedule;
    private readonly double[] timesteps;

    /// <summary>The table for that many steps.</summary>
    /// <exception cref="BadInputException">More steps than the model was distilled at.</exception>
    public LcmSampler(SamplerConfig config, int steps)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (steps > config.OriginalInferenceSteps)
            throw new BadInputException($"{steps} sampling steps: give at most {config.OriginalInferenceSteps}, the original_inference_steps of the consistency model");
        this.config = config;
        schedule = config.NoiseSchedule();
        var stride = schedule.TrainingSteps / config.OriginalInferenceSteps;
        timesteps = [.. Enumerable.Range(0, steps).Select(i => ((config.OriginalInferenceSteps - (i * config.OriginalInferenceSteps / steps)) * (double)stride) - 1)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => timesteps;

    /// <inheritdoc/>
    public override bool NeedsNoise(int index) => index < timesteps.Length - 1;

    /// <inheritdoc/>
    public override Tensor AddNoise(Tensor clean, Tensor noise, int index)
    {
        ArgumentNullException.ThrowIfNull(clean);
        return schedule.AddNoise(clean, noise, [.. Enumerable.Repeat((int)timesteps[index], (int)clean.shape[0])]);
    }

    private protected override Tensor Next(Tensor modelOutput, int index, Tensor sample, Tensor? noise, SamplerHistory history)
    {
        var t = (int)timesteps[index];
        var clean = CleanSampleLimit.Apply(config, config.PredictionType.Denoised(modelOutput, sample, schedule.SignalAt(t), schedule.NoiseAt(t)));
        var scaled = t * TimestepScaling;
        var keep = DataSpread * DataSpread / ((scaled * scaled) + (DataSpread * DataSpread)); // the boundary condition: the identity at t = 0
        var take = scaled / Math.Sqrt((scaled * scaled) + (DataSpread * DataSpread));
        clean = (take * clean) + (keep * sample);
        if (!NeedsNoise(index)) return clean;
        var next = (int)timesteps[index + 1];
        return (schedule.SignalAt(next) * clean) + (schedule.NoiseAt(next) * noise!);
    }
}
