using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>
/// DPM-Solver++ 2M and its stochastic form (Lu et al. 2022, algorithm 2), as diffusers' DPMSolverMultistepScheduler: few steps are enough,
/// fewest with Karras' noise levels.
/// </summary>
public sealed class DpmSolverPlusPlus : Sampler
{
    private readonly SamplerConfig config;
    private readonly double[] timesteps;
    private readonly double[] sigmas; // one more than timesteps
    private readonly bool stochastic;

    /// <summary>The table for that many steps.</summary>
    /// <exception cref="BadInputException">The algorithm, the solver or its order isn't there.</exception>
    public DpmSolverPlusPlus(SamplerConfig config, int steps)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.AlgorithmType is not ("dpmsolver++" or "sde-dpmsolver++"))
            throw new BadInputException($"algorithm_type '{config.AlgorithmType}' isn't there; use dpmsolver++ or sde-dpmsolver++");
        if (config.SolverOrder is not (1 or 2)) throw new BadInputException($"solver_order {config.SolverOrder} isn't there for DPM-Solver++; use 1 or 2");
        if (config.SolverType is not (null or "midpoint" or "heun"))
            throw new BadInputException($"solver_type '{config.SolverType}' isn't there for DPM-Solver++; use midpoint or heun");
        this.config = config;
        stochastic = config.AlgorithmType == "sde-dpmsolver++";

        // diffusers rounds Karras' timesteps for all schedules but the cosine: those it truncates, and float32 brings its 999 out a hair below
        var truncated = config.BetaSchedule == BetaSchedule.SquaredcosCapV2;
        (timesteps, sigmas) = SolverTable.Of(config, steps, t => truncated ? Math.Truncate(t * (1 - 1e-7)) : Math.Round(t));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => timesteps;

    /// <inheritdoc/>
    public override bool NeedsNoise(int index) => stochastic;

    /// <inheritdoc/>
    public override Tensor AddNoise(Tensor clean, Tensor noise, int index) => SolverTable.AddNoise(clean, noise, sigmas[index]);

    private protected override Tensor Next(Tensor modelOutput, int index, Tensor sample, Tensor? noise, SamplerHistory history)
    {
        var (a0, s0, lambda0) = SolverTable.Level(sigmas[index]);
        var (a, s, lambda) = SolverTable.Level(sigmas[index + 1]);
        var h = lambda - lambda0; // infinite where the last sigma is 0
        var clean = config.PredictionType.Denoised(modelOutput, sample, a0, s0);

        var decay = stochastic ? Math.Exp(-h) : 1;
        var gain = -a * double.ExpM1(stochastic ? -2 * h : -h);
        var next = (s / s0 * decay * sample) + (gain * clean);
        if (history.Count > 0 && !FirstOrderAt(index))
        {
            var slope = (clean - history[0]) * (h / (lambda0 - SolverTable.Level(sigmas[index - 1]).Lambda));
            var step = stochastic ? 2 * h : h;
            next += (config.SolverType == "heun" ? a * ((double.ExpM1(-step) / step) + 1) : gain / 2) * slope;
        }

        history.Remember(clean, keep: 1);
        return stochastic ? next + (s * Math.Sqrt(-double.ExpM1(-2 * h)) * noise!) : next;
    }

    private bool FirstOrderAt(int index) => config.SolverOrder == 1
        || (index == timesteps.Length - 1 && (config.EulerAtFinal || (config.LowerOrderFinal && timesteps.Length < 15) || sigmas[^1] == 0));
}
