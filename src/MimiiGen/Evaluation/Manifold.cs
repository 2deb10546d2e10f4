using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>
/// Precision and recall (Kynkäänniemi et al. 2019), density and coverage (Naeem et al. 2020) of generated clips: each set's
/// manifold is the union of balls around its items that reach to their k-th neighbour. Balls are open: a distance equal to the
/// radius is outside.
/// </summary>
/// <param name="Precision">Share of generated clips inside the real manifold: do they sound real?</param>
/// <param name="Recall">Share of real clips inside the generated manifold: is everything covered? Outliers inflate it.</param>
/// <param name="Density">Mean number of real balls around a generated clip, over k; may exceed 1.</param>
/// <param name="Coverage">Share of real balls that hold a generated clip: 0 where the generator repeats itself.</param>
public sealed record Manifold(double Precision, double Recall, double Density, double Coverage)
{
    /// <summary>Compares two sets of embeddings.</summary>
    /// <param name="real">(items, dimensions), more than k + 1 items.</param>
    /// <param name="generated">(items, dimensions), more than k + 1 items.</param>
    /// <param name="k">Which neighbour a ball reaches to, not counting the item itself.</param>
    /// <exception cref="BadInputException">Too few items for k, unequal dimensions, or values that are no numbers.</exception>
    public static Manifold Of(Tensor real, Tensor generated, int k = 5)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        using var scope = NewDisposeScope();
        var (x, y) = Rows.Pair(real, generated, k + 2, $"precision and recall with k = {k}");
        return Of(Rows.Distances(x, x), Rows.Distances(y, y), Rows.Distances(x, y), k);
    }

    /// <summary>The same from distances within the real clips (real, real), within the generated (generated, generated) and between them (real, generated).</summary>
    internal static Manifold Of(Tensor withinReal, Tensor withinGenerated, Tensor distances, int k)
    {
        using var scope = NewDisposeScope();
        var realRadii = Radii(withinReal); // (real)
        var generatedRadii = Radii(withinGenerated); // (generated)
        var inReal = distances < realRadii.unsqueeze(1); // (real, generated): in the ball of a real clip
        var inGenerated = distances < generatedRadii.unsqueeze(0); // (real, generated): in the ball of a generated clip
        return new Manifold(
            Share(inReal.any(0)),
            Share(inGenerated.any(1)),
            inReal.sum(0, type: ScalarType.Float64).mean().ToDouble() / k,
            Share(distances.amin([1L]) < realRadii));

        Tensor Radii(Tensor within) => within.topk(k + 1, 1, largest: false).values.amax([1L]); // the nearest is the item itself
    }

    private static double Share(Tensor which) => which.to(ScalarType.Float64).mean().ToDouble();
}
