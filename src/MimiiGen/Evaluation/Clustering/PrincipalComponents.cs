using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Clustering;

/// <summary>Principal components: the few directions in which points differ most.</summary>
public static class PrincipalComponents
{
    /// <summary>The points in their first components, and the share of the variance each explains.</summary>
    /// <param name="rows">(points, dimensions), at least two points.</param>
    /// <param name="components">Components to keep, at most as many as there are.</param>
    /// <returns>(points, components), and (components) shares from 0 to 1.</returns>
    /// <exception cref="BadInputException">Too few points, or values that are no numbers.</exception>
    public static (double[][] Points, double[] Shares) Of(Tensor rows, int components)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(components);
        using var scope = NewDisposeScope();
        var x = Rows.Of(rows, 2, "principal components");
        var (u, s, _) = linalg.svd(x - x.mean([0L]), fullMatrices: false); // (points, k), (k)
        var kept = (int)Math.Min(components, s.shape[0]);
        var scores = (u * s).narrow(1, 0, kept).contiguous().data<double>().ToArray();
        var powers = s.square().data<double>().ToArray();
        var all = Math.Max(powers.Sum(), double.Epsilon);
        return ([.. scores.Chunk(kept)], [.. powers.Take(kept).Select(p => p / all)]);
    }
}
