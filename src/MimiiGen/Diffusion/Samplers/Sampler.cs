using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>
/// A way from noise to a sample: a table of timesteps, fixed when it is made, and a step that depends on its arguments alone. It knows no model:
/// call the model on <see cref="ScaleModelInput"/> at each of the <see cref="Timesteps"/> and give its output to <see cref="Step"/>.
/// </summary>
public abstract class Sampler
{
    /// <summary>The timestep of each call of the model, falling; whole or fractional as the sampler has it.</summary>
    public abstract IReadOnlyList<double> Timesteps { get; }

    /// <summary>Standard deviation of the noise the run starts from.</summary>
    public virtual double StartFactor => 1;

    /// <summary>Calls of the model a step takes: 2 for Heun.</summary>
    public virtual int CallsPerStep => 1;

    /// <summary>Where a run of that strength begins that starts from a given recording: at the noisiest of the last strength * steps steps.</summary>
    /// <param name="strength">0 changes nothing, 1 begins at nearly pure noise. The number of steps is rounded down.</param>
    /// <returns>An index into <see cref="Timesteps"/>, or their number where no step is left.</returns>
    /// <exception cref="BadInputException">The strength is out of range, or this sampler can't begin later.</exception>
    public virtual int StartIndex(double strength)
    {
        if (strength is not (>= 0 and <= 1)) throw new BadInputException($"strength {strength}: give 0 (the recording as it is) to 1 (anew)");
        var steps = (Timesteps.Count + CallsPerStep - 1) / CallsPerStep;
        return Math.Min((steps - (int)(steps * strength)) * CallsPerStep, Timesteps.Count);
    }

    /// <summary>Whether the step after this call draws standard normal noise.</summary>
    public virtual bool NeedsNoise(int index) => false;

    /// <summary>What the model gets to see for a sample of that call.</summary>
    public virtual Tensor ScaleModelInput(Tensor sample, int index) => sample.alias();

    /// <summary>A clean sample with the noise it has before that call: where a run starts that begins with a given recording.</summary>
    public abstract Tensor AddNoise(Tensor clean, Tensor noise, int index);

    /// <summary>The sample after one call of the model.</summary>
    /// <param name="modelOutput">The model's prediction (batch, ...).</param>
    /// <param name="index">Which call, an index into <see cref="Timesteps"/>.</param>
    /// <param name="sample">The sample before it (batch, ...), not scaled for the model.</param>
    /// <param name="noise">Standard normal noise of the sample's shape where <see cref="NeedsNoise"/>.</param>
    /// <param name="history">The run's memory.</param>
    public Tensor Step(Tensor modelOutput, int index, Tensor sample, Tensor? noise, SamplerHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        if (NeedsNoise(index) && noise is null) throw new ArgumentNullException(nameof(noise), $"call {index} of {GetType().Name} draws noise");
        using var scope = NewDisposeScope();
        var next = Next(modelOutput, index, sample, noise, history).MoveToOuterDisposeScope();
        history.Calls++;
        return next;
    }

    /// <summary>The step itself; tensors made on the way are freed by the caller.</summary>
    private protected abstract Tensor Next(Tensor modelOutput, int index, Tensor sample, Tensor? noise, SamplerHistory history);

    /// <summary>The sampler a config names, with that many steps.</summary>
    /// <exception cref="BadInputException">There is no such sampler, or it can't work with these settings.</exception>
    public static Sampler Create(SamplerConfig config, int steps)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (steps < 1 || steps > config.NumTrainTimesteps)
            throw new BadInputException($"{steps} sampling steps: give 1 to {config.NumTrainTimesteps}, the number of training steps");
        if (config.RescaleBetasZeroSnr && config.PredictionType == PredictionType.Epsilon)
            throw new BadInputException("rescale_betas_zero_snr with prediction_type epsilon: at pure noise epsilon says nothing about the sample; use v_prediction or sample");
        if (config.Eta is < 0 or > 1) throw new BadInputException($"eta {config.Eta}: give 0 (no noise) to 1 (all of DDPM's)");
        return config.ClassName switch
        {
            "DDIMScheduler" => new DdimSampler(config, steps),
            "DDPMScheduler" => new DdpmSampler(config, steps),
            "DPMSolverMultistepScheduler" => new DpmSolverPlusPlus(config, steps),
            "EulerDiscreteScheduler" or "EulerAncestralDiscreteScheduler" => new EulerSampler(config, steps),
            "HeunDiscreteScheduler" => new HeunSampler(config, steps),
            "UniPCMultistepScheduler" => new UniPcSampler(config, steps),
            "PNDMScheduler" => new PndmSampler(config, steps),
            "LCMScheduler" => new LcmSampler(config, steps),
            "FlowMatchEulerDiscreteScheduler" => new FlowMatchingSampler(config, steps),
            _ => throw new BadInputException($"_class_name '{config.ClassName}' is no sampler that is there; use one of diffusers' DDIM, DDPM, DPMSolverMultistep, EulerDiscrete, EulerAncestralDiscrete, HeunDiscrete, UniPCMultistep, PNDM, LCM or FlowMatchEulerDiscrete schedulers"),
        };
    }
}
