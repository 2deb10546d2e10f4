using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>Classifier-free guidance (Ho and Salimans 2022): away from the prediction without a condition, towards the one with it.</summary>
/// <param name="Scale">1 follows the condition as it is, above 1 exaggerates it.</param>
/// <param name="Rescale">0 to 1: how far the guided prediction is brought back to the conditional one's spread (Lin et al. 2023, section 3.4).</param>
/// <param name="FirstTimestep">Guidance acts from this timestep on (Kynkäänniemi et al. 2024).</param>
/// <param name="LastTimestep">Guidance acts up to this timestep.</param>
public sealed record Guidance(double Scale, double Rescale = 0, double FirstTimestep = 0, double LastTimestep = double.PositiveInfinity)
{
    /// <summary>Whether the model has to be called for both halves at that timestep; where not, the conditional prediction stands.</summary>
    public bool ActsAt(double timestep) => Scale > 1 && timestep >= FirstTimestep && timestep <= LastTimestep;

    /// <summary>The guided prediction u + scale (c - u), rescaled.</summary>
    /// <param name="unconditional">Prediction for the empty or negative caption (batch, ...).</param>
    /// <param name="conditional">Prediction for the caption (batch, ...).</param>
    public Tensor Combine(Tensor unconditional, Tensor conditional)
    {
        ArgumentNullException.ThrowIfNull(unconditional);
        ArgumentNullException.ThrowIfNull(conditional);
        using var scope = NewDisposeScope();
        var guided = unconditional + (Scale * (conditional - unconditional)); // (batch, ...)
        if (Rescale > 0) guided *= (Rescale * Spread(conditional) / Spread(guided)) + (1 - Rescale);
        return guided.MoveToOuterDisposeScope();
    }

    // standard deviation (unbiased) of each sample
    private static Tensor Spread(Tensor x) => x.std([.. Enumerable.Range(1, (int)x.dim() - 1).Select(d => (long)d)], unbiased: true, keepdim: true); // (batch, 1, ...)
}
