using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>
/// The Vendi score (Friedman and Dieng 2023): the effective number of different items in a set, from 1 (all alike) to their
/// number (nothing in common). It is exp of the Rényi entropy of the eigenvalues of the cosine similarities over n.
/// </summary>
public static class VendiScore
{
    /// <summary>The score of a set of embeddings.</summary>
    /// <param name="rows">(items, dimensions), at least one item.</param>
    /// <param name="order">Order of the entropy: 1 is Shannon's; smaller weighs rare items more, infinity counts the most common alone.</param>
    /// <exception cref="BadInputException">There are no items, or values that are no numbers.</exception>
    public static double Of(Tensor rows, double order = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(order);
        using var scope = NewDisposeScope();
        var unit = nn.functional.normalize(Rows.Of(rows, 1, "Vendi score"), 2, 1); // (items, dimensions)
        return Effective(linalg.svdvals(unit).square() / unit.shape[0], order); // the eigenvalues of unit unitᵀ / n
    }

    /// <summary>The score from the cosines between items, (items, items); quicker, and good to about 1e-7 at order 1.</summary>
    internal static double OfCosines(Tensor cosines)
    {
        using var scope = NewDisposeScope();
        return Effective(linalg.eigvalsh(cosines / cosines.shape[0]), order: 1);
    }

    private static double Effective(Tensor eigenvalues, double order)
    {
        double[] weights = [.. eigenvalues.data<double>().ToArray().Where(w => w > 0)];
        if (double.IsPositiveInfinity(order)) return 1 / weights.Max();
        return order == 1
            ? Math.Exp(-weights.Sum(w => w * Math.Log(w)))
            : Math.Pow(weights.Sum(w => Math.Pow(w, order)), 1 / (1 - order));
    }
}
