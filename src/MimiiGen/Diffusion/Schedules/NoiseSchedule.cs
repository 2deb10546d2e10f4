using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>
/// How much noise a sample holds at each training step: x_t = sqrt(abar_t) x0 + sqrt(1 - abar_t) noise (Ho et al. 2020, eq. 4).
/// Tables are float64: 1 - abar loses its digits in float32.
/// </summary>
public sealed class NoiseSchedule
{
    private readonly double[] betas;
    private readonly double[] alphasCumprod;

    private NoiseSchedule(double[] betas)
        : this(betas, CumulativeProduct(betas))
    {
    }

    private NoiseSchedule(double[] betas, double[] alphasCumprod)
    {
        this.betas = betas;
        this.alphasCumprod = alphasCumprod;
    }

    /// <summary>Number of training steps; timesteps run from 0 (nearly clean) to this minus 1.</summary>
    public int TrainingSteps => betas.Length;

    /// <summary>Variance of the noise each step adds.</summary>
    public IReadOnlyList<double> Betas => betas;

    /// <summary>abar_t, the share of the clean sample's power left at step t.</summary>
    public IReadOnlyList<double> AlphasCumprod => alphasCumprod;

    /// <summary>The schedule of that shape.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="start">First beta; not used by the cosine.</param>
    /// <param name="end">Last beta; not used by the cosine.</param>
    /// <param name="trainingSteps">Number of steps.</param>
    public static NoiseSchedule Create(BetaSchedule shape, double start = 1e-4, double end = 0.02, int trainingSteps = 1000) => shape switch
    {
        BetaSchedule.Linear => new([.. Spaced(start, end, trainingSteps)]),
        BetaSchedule.ScaledLinear => new([.. Spaced(Math.Sqrt(start), Math.Sqrt(end), trainingSteps).Select(root => root * root)]),
        _ => new([.. Enumerable.Range(0, trainingSteps).Select(i => Math.Min(1 - (Cosine(i + 1, trainingSteps) / Cosine(i, trainingSteps)), 0.999))]),
    };

    /// <summary>
    /// The same schedule stretched so that the last step is pure noise (Lin et al. 2023, algorithm 1). Epsilon can't be predicted there;
    /// use v or sample.
    /// </summary>
    public NoiseSchedule WithZeroTerminalSnr()
    {
        var roots = alphasCumprod.Select(Math.Sqrt).ToArray();
        var (first, last) = (roots[0], roots[^1]);
        var stretched = roots.Select(root => (root - last) * first / (first - last)).Select(root => root * root).ToArray();
        return new([.. stretched.Select((a, t) => 1 - (t == 0 ? a : a / stretched[t - 1]))], stretched);
    }

    /// <summary>sqrt(abar) of a whole timestep: what the clean sample is scaled by.</summary>
    public double SignalAt(int timestep) => Math.Sqrt(alphasCumprod[timestep]);

    /// <summary>sqrt(1 - abar) of a whole timestep: what the noise is scaled by.</summary>
    public double NoiseAt(int timestep) => Math.Sqrt(1 - alphasCumprod[timestep]);

    /// <summary>Signal-to-noise ratio abar / (1 - abar) of a timestep.</summary>
    public double Snr(int timestep) => alphasCumprod[timestep] / (1 - alphasCumprod[timestep]);

    /// <summary>Weight of a sample's loss with the signal-to-noise ratio cut at <paramref name="gamma"/> (min-SNR, Hang et al. 2023).</summary>
    public double MinSnrWeight(int timestep, PredictionType prediction, double gamma = 5)
    {
        var snr = Snr(timestep);
        var cut = Math.Min(snr, gamma);
        return prediction switch
        {
            PredictionType.Epsilon => cut / snr,
            PredictionType.VPrediction => cut / (snr + 1),
            _ => cut,
        };
    }

    /// <summary>x_t of clean samples: sqrt(abar) x0 + sqrt(1 - abar) noise.</summary>
    /// <param name="clean">(batch, ...).</param>
    /// <param name="noise">Standard normal, of the same shape.</param>
    /// <param name="timesteps">Whole timesteps (batch).</param>
    public Tensor AddNoise(Tensor clean, Tensor noise, IReadOnlyList<int> timesteps)
    {
        ArgumentNullException.ThrowIfNull(clean);
        using var scope = NewDisposeScope();
        var (a, s) = Factors(clean, timesteps);
        return ((a * clean) + (s * noise)).MoveToOuterDisposeScope();
    }

    /// <summary>The velocity sqrt(abar) noise - sqrt(1 - abar) x0, target of v-prediction.</summary>
    /// <param name="clean">(batch, ...).</param>
    /// <param name="noise">Standard normal, of the same shape.</param>
    /// <param name="timesteps">Whole timesteps (batch).</param>
    public Tensor Velocity(Tensor clean, Tensor noise, IReadOnlyList<int> timesteps)
    {
        ArgumentNullException.ThrowIfNull(clean);
        using var scope = NewDisposeScope();
        var (a, s) = Factors(clean, timesteps);
        return ((a * noise) - (s * clean)).MoveToOuterDisposeScope();
    }

    /// <summary>start .. end in <paramref name="count"/> equal steps, both ends included, rounded as numpy's linspace rounds: timesteps depend on it.</summary>
    internal static IEnumerable<double> Spaced(double start, double end, int count)
    {
        var step = (end - start) / Math.Max(1, count - 1);
        return Enumerable.Range(0, count).Select(i => i > 0 && i == count - 1 ? end : start + (i * step));
    }

    private (Tensor Signal, Tensor Noise) Factors(Tensor like, IReadOnlyList<int> timesteps)
    {
        if (timesteps.Count != like.shape[0]) throw new ArgumentException($"{timesteps.Count} timesteps for a batch of {like.shape[0]}", nameof(timesteps));
        long[] shape = [timesteps.Count, .. Enumerable.Repeat(1L, (int)like.dim() - 1)];
        return (Column(SignalAt), Column(NoiseAt)); // 2 x (batch, 1, ...)

        Tensor Column(Func<int, double> at) => tensor([.. timesteps.Select(at)], shape, dtype: like.dtype, device: like.device);
    }

    private static double[] CumulativeProduct(double[] betas)
    {
        var product = 1.0;
        return [.. betas.Select(beta => product *= 1 - beta)];
    }

    // the cosine's abar at step i of n, with the offset 0.008 that keeps the first betas from vanishing
    private static double Cosine(int i, int n)
    {
        var c = Math.Cos(((i / (double)n) + 0.008) / 1.008 * Math.PI / 2);
        return c * c;
    }
}
