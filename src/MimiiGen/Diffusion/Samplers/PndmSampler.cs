using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>
/// Pseudo numerical methods (Liu et al. 2022), as diffusers' PNDMScheduler: three pseudo Runge-Kutta steps of four calls and then linear
/// multistep ones, or with skip_prk_steps multistep from the start, its first step taken twice.
/// </summary>
public sealed class PndmSampler : Sampler
{
    private readonly SamplerConfig config;
    private readonly NoiseSchedule schedule;
    private readonly double[] timesteps;
    private readonly int rungeKuttaCalls;
    private readonly int stride;

    /// <summary>The table for that many steps.</summary>
    /// <exception cref="BadInputException">There are too few steps for the method.</exception>
    public PndmSampler(SamplerConfig config, int steps)
    {
        ArgumentNullException.ThrowIfNull(config);
        var fewest = config.SkipPrkSteps ? 2 : 4;
        if (steps < fewest) throw new BadInputException($"{steps} sampling steps are too few for PNDM; give at least {fewest}");
        this.config = config;
        schedule = config.NoiseSchedule();
        stride = schedule.TrainingSteps / steps;
        var table = TimestepTable.Of(config.TimestepSpacing ?? TimestepSpacing.Leading, schedule.TrainingSteps, steps, config.StepsOffset);
        if (config.SkipPrkSteps)
        {
            timesteps = [table[0], table[1], .. table[1..]];
            return;
        }

        var halves = table[..3].SelectMany(t => new[] { t, t - (stride / 2), t - (stride / 2), t - stride });
        rungeKuttaCalls = 12;
        timesteps = [.. halves, .. table[3..]];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => timesteps;

    /// <inheritdoc/>
    public override int StartIndex(double strength) =>
        throw new BadInputException("PNDM's first steps belong together and can't start from a recording; use DDIM, DPM-Solver++, Euler, Heun or UniPC");

    /// <inheritdoc/>
    public override Tensor AddNoise(Tensor clean, Tensor noise, int index)
    {
        ArgumentNullException.ThrowIfNull(clean);
        return schedule.AddNoise(clean, noise, [.. Enumerable.Repeat((int)timesteps[index], (int)clean.shape[0])]);
    }

    private protected override Tensor Next(Tensor modelOutput, int index, Tensor sample, Tensor? noise, SamplerHistory history) =>
        index < rungeKuttaCalls ? RungeKutta(modelOutput, index, sample, history) : Multistep(modelOutput, index, sample, history);

    /// <summary>Four calls a step: half, half, whole, and the whole with 1/6, 1/3, 1/3, 1/6 of their outputs, all from the step's first sample.</summary>
    private Tensor RungeKutta(Tensor output, int index, Tensor sample, SamplerHistory history)
    {
        var from = (int)timesteps[index / 4 * 4];
        if (index % 4 == 0)
        {
            history.RememberSample(sample);
            history.Remember(output, keep: 4); // the multistep part goes on from these
            history.RememberSum(output / 6);
        }
        else
        {
            history.RememberSum(history.Sum! + (output / (index % 4 == 3 ? 6 : 3)));
        }

        return index % 4 == 3
            ? Transfer(history.Sample!, history.Sum!, from, from - stride)
            : Transfer(history.Sample!, output, from, from - (index % 4 == 2 ? stride : stride / 2));
    }

    /// <summary>Adams-Bashforth weights of the outputs so far.</summary>
    private Tensor Multistep(Tensor output, int index, Tensor sample, SamplerHistory history)
    {
        var t = (int)timesteps[index];
        if (config.SkipPrkSteps && index == 1 && history.Count == 1) return Transfer(history.Sample!, (output + history[0]) / 2, t + stride, t);
        history.Remember(output, keep: 4);
        history.RememberSample(sample);
        var mixed = history.Count switch
        {
            1 => output,
            2 => ((3 * history[0]) - history[1]) / 2,
            3 => ((23 * history[0]) - (16 * history[1]) + (5 * history[2])) / 12,
            _ => ((55 * history[0]) - (59 * history[1]) + (37 * history[2]) - (9 * history[3])) / 24,
        };
        return Transfer(sample, mixed, t, t - stride);
    }

    /// <summary>Equation 9 of the paper: the sample at another timestep along that output.</summary>
    private Tensor Transfer(Tensor sample, Tensor output, int from, int to)
    {
        var alpha = schedule.AlphasCumprod[from];
        var alphaTo = to >= 0 ? schedule.AlphasCumprod[to] : config.SetAlphaToOne == true ? 1 : schedule.AlphasCumprod[0];
        var noise = config.PredictionType.Noise(output, sample, Math.Sqrt(alpha), Math.Sqrt(1 - alpha));
        var divisor = (alpha * Math.Sqrt(1 - alphaTo)) + Math.Sqrt(alpha * (1 - alpha) * alphaTo);
        return (Math.Sqrt(alphaTo / alpha) * sample) - ((alphaTo - alpha) / divisor * noise);
    }
}
