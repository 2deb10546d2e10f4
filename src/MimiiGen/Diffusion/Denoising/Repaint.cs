using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>
/// Fills in a part of a given sample, going back and forth at each noise level so that the new part fits the old (RePaint, Lugmayr et al. 2022,
/// algorithm 1), with DDIM steps of eta 1.
/// </summary>
public sealed class Repaint
{
    private readonly SamplerConfig config;
    private readonly NoiseSchedule schedule;
    private readonly double[] timesteps;
    private readonly int resamplings;

    /// <summary>The table for that many steps.</summary>
    /// <param name="config">The schedule, the prediction and the spacing (leading where it names none).</param>
    /// <param name="steps">Number of noise levels.</param>
    /// <param name="resamplings">Passes at each level; the model is called steps times this, less at the last level.</param>
    public Repaint(SamplerConfig config, int steps, int resamplings)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (resamplings < 1) throw new BadInputException($"{resamplings} resamplings: give at least 1");
        this.config = config;
        this.resamplings = resamplings;
        schedule = config.NoiseSchedule();
        timesteps = TimestepTable.Of(config.TimestepSpacing ?? TimestepSpacing.Leading, schedule.TrainingSteps, steps, config.StepsOffset);
    }

    /// <summary>From noise to the sample whose known part is the given one.</summary>
    /// <param name="start">Standard normal noise (batch, ...).</param>
    /// <param name="clean">The given sample.</param>
    /// <param name="mask">1 where to generate, 0 where to keep; broadcasts to the sample.</param>
    /// <param name="predict">The model's prediction for a sample at a timestep.</param>
    /// <param name="noise">Standard normal noise by the number of the draw, from 0: two a pass and one between passes.</param>
    /// <param name="afterLevel">Called with each level's index and sample.</param>
    public Tensor Run(Tensor start, Tensor clean, Tensor mask, Func<Tensor, double, Tensor> predict, Func<int, Tensor> noise, Action<int, Tensor>? afterLevel = null)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(predict);
        ArgumentNullException.ThrowIfNull(noise);
        var sample = start.alias();
        var draws = 0;
        for (var i = 0; i < timesteps.Length; i++)
        {
            using var scope = NewDisposeScope();
            var t = (int)timesteps[i];
            var previous = t - (schedule.TrainingSteps / timesteps.Length);
            var alpha = schedule.AlphasCumprod[t];
            var alphaPrevious = previous >= 0 ? schedule.AlphasCumprod[previous] : 1;
            var passes = alphaPrevious == 1 ? 1 : resamplings;
            var x = sample;
            for (var pass = 0; pass < passes; pass++)
            {
                var known = (Math.Sqrt(alphaPrevious) * clean) + (Math.Sqrt(1 - alphaPrevious) * noise(draws++));
                var next = Inpainting.Blend(Ancestral(predict(x, t), x, alpha, alphaPrevious, noise(draws++)), known, mask);
                var back = alpha / alphaPrevious;
                x = pass == passes - 1 ? next : (Math.Sqrt(back) * next) + (Math.Sqrt(1 - back) * noise(draws++));
            }

            sample.Dispose();
            sample = x.MoveToOuterDisposeScope();
            afterLevel?.Invoke(i, sample);
        }

        return sample;
    }

    // DDIM with eta 1
    private Tensor Ancestral(Tensor output, Tensor x, double alpha, double alphaPrevious, Tensor noise)
    {
        var (a, s) = (Math.Sqrt(alpha), Math.Sqrt(1 - alpha));
        var variance = (1 - alphaPrevious) / (1 - alpha) * (1 - (alpha / alphaPrevious));
        return (Math.Sqrt(alphaPrevious) * config.PredictionType.Denoised(output, x, a, s))
            + (Math.Sqrt(1 - alphaPrevious - variance) * config.PredictionType.Noise(output, x, a, s))
            + (Math.Sqrt(variance) * noise);
    }
}
