using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>The form in which distances between sets take their items: one row an item, in float64.</summary>
internal static class Rows
{
    /// <summary>Two sets of the same dimension in float64, each of at least so many rows, all of them finite.</summary>
    /// <exception cref="BadInputException">They don't fit one another or can't be measured.</exception>
    public static (Tensor First, Tensor Second) Pair(Tensor first, Tensor second, int least, string metric)
    {
        Match(first, second, metric);
        return (Of(first, least, metric), Of(second, least, metric));
    }

    /// <summary>Refuses two sets of unequal dimensions.</summary>
    /// <exception cref="BadInputException">They don't fit one another.</exception>
    public static void Match(Tensor first, Tensor second, string metric)
    {
        if (first.dim() == 2 && second.dim() == 2 && first.shape[1] != second.shape[1])
            throw new BadInputException($"{metric}: the sets have {first.shape[1]} and {second.shape[1]} dimensions; take both from one embedding");
    }

    /// <summary>One set in float64, of at least so many rows, all of them finite; a tensor of its own that may be freed.</summary>
    /// <exception cref="BadInputException">It can't be measured.</exception>
    public static Tensor Of(Tensor rows, int least, string metric)
    {
        if (rows.dim() != 2) throw new ArgumentException($"{metric} takes a matrix of one row an item, not {rows.dim()} dimensions", nameof(rows));
        if (rows.shape[0] < least) throw new BadInputException($"{metric} needs at least {least} items a set, one has {rows.shape[0]}");
        var wide = rows.detach().to(ScalarType.Float64, CPU);
        return wide.isfinite().all().ToBoolean() ? wide : throw new BadInputException($"{metric}: a set holds NaN or infinite values; find the clip they come from");
    }

    /// <summary>Euclidean distances between all rows of two sets in float64, by differences: equal rows are exactly 0 apart.</summary>
    public static Tensor Distances(Tensor first, Tensor second) => cdist(first, second, 2, compute_mode.donot_use_mm_for_euclid_dist);
}
