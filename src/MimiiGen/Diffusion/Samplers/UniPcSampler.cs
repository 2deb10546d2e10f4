using MathNet.Numerics.LinearAlgebra;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>
/// UniPC (Zhao et al. 2023): each model output first corrects the sample it was taken at, then predicts the next; as diffusers'
/// UniPCMultistepScheduler on predicted clean samples.
/// </summary>
public sealed class UniPcSampler : Sampler
{
    private readonly SamplerConfig config;
    private readonly double[] timesteps;
    private readonly double[] sigmas; // one more than timesteps

    /// <summary>The table for that many steps.</summary>
    /// <exception cref="BadInputException">The solver or its order isn't there.</exception>
    public UniPcSampler(SamplerConfig config, int steps)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.SolverOrder is < 1 or > 3) throw new BadInputException($"solver_order {config.SolverOrder} isn't there for UniPC; use 1, 2 or 3");
        if (config.SolverType is not (null or "bh1" or "bh2")) throw new BadInputException($"solver_type '{config.SolverType}' isn't there for UniPC; use bh1 or bh2");
        if (config is { SolverType: "bh1", FinalSigmasType: "zero" })
            throw new BadInputException("solver_type bh1 divides by an infinite step where final_sigmas_type is zero; use bh2 or sigma_min");
        this.config = config;
        (timesteps, sigmas) = SolverTable.Of(config, steps, Math.Round);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => timesteps;

    /// <inheritdoc/>
    public override Tensor AddNoise(Tensor clean, Tensor noise, int index) => SolverTable.AddNoise(clean, noise, sigmas[index]);

    private protected override Tensor Next(Tensor modelOutput, int index, Tensor sample, Tensor? noise, SamplerHistory history)
    {
        var (a, s, _) = SolverTable.Level(sigmas[index]);
        var clean = config.PredictionType.Denoised(modelOutput, sample, a, s);
        if (history.Calls > 0 && !config.DisableCorrector.Contains(index - 1))
            sample = Solve(index - 1, OrderAt(index - 1, history.Calls - 1), history.Sample!, history, clean);
        history.Remember(clean, keep: config.SolverOrder);
        history.RememberSample(sample);
        return Solve(index, OrderAt(index, history.Calls), sample, history, arrived: null);
    }

    private int OrderAt(int index, int earlierCalls) =>
        Math.Min(config.LowerOrderFinal ? Math.Min(config.SolverOrder, timesteps.Length - index) : config.SolverOrder, earlierCalls + 1);

    /// <summary>From the sample at sigma[index] to that at sigma[index + 1], with the output there where it is known (UniC), or without (UniP).</summary>
    /// <param name="index">The step.</param>
    /// <param name="order">Its order.</param>
    /// <param name="sample">The sample it starts from.</param>
    /// <param name="outputs">Clean samples predicted at sigma[index], sigma[index - 1], ...</param>
    /// <param name="arrived">The clean sample predicted at sigma[index + 1].</param>
    private Tensor Solve(int index, int order, Tensor sample, SamplerHistory outputs, Tensor? arrived)
    {
        var (_, s0, lambda0) = SolverTable.Level(sigmas[index]);
        var (a, s, lambda) = SolverTable.Level(sigmas[index + 1]);
        var h = lambda - lambda0;
        var ratios = Enumerable.Range(1, order - 1).Select(i => (SolverTable.Level(sigmas[index - i]).Lambda - lambda0) / h).ToArray();
        var scale = config.SolverType == "bh1" ? -h : double.ExpM1(-h);
        var weights = Weights(arrived is null ? ratios : [.. ratios, 1], h, scale);

        var next = (s / s0 * sample) - (a * double.ExpM1(-h) * outputs[0]);
        for (var i = 0; i < ratios.Length; i++) next -= a * scale * weights[i] / ratios[i] * (outputs[i + 1] - outputs[0]);
        return arrived is null ? next : next - (a * scale * weights[^1] * (arrived - outputs[0]));
    }

    /// <summary>Solves the order conditions sum_j w_j r_j^k = k! phi_{k+2}(-h) / B(h), k = 0, 1, ... (Zhao et al. 2023, eq. 5).</summary>
    private static double[] Weights(double[] ratios, double h, double scale)
    {
        if (ratios.Length == 0) return [];
        if (ratios.Length == 1) return [0.5]; // the choice of the authors' code for one unknown
        var phi = (double.ExpM1(-h) / -h) - 1;
        var factorial = 1.0;
        var right = new double[ratios.Length];
        for (var k = 0; k < right.Length; k++)
        {
            right[k] = phi * factorial / scale;
            factorial *= k + 2;
            phi = (phi / -h) - (1 / factorial);
        }

        return [.. Matrix<double>.Build.Dense(right.Length, right.Length, (k, j) => Math.Pow(ratios[j], k)).Solve(Vector<double>.Build.Dense(right))];
    }
}
