using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>
/// The Fréchet distance between the normal distributions of two sets of embeddings (FAD, Kilgour et al. 2019):
/// |m1 - m2|² + Tr C1 + Tr C2 - 2 Tr (C1 C2)^(1/2), covariances divided by n - 1, all in float64. Never negative, never NaN.
/// </summary>
public static class FrechetDistance
{
    private const string Metric = "Fréchet distance";

    /// <summary>
    /// The distance of two sets of rows, exact at any rank: with centred rows X and Y, Tr (C1 C2)^(1/2) is the sum of the
    /// singular values of X Yᵀ / sqrt((n-1)(m-1)); no root of a singular matrix is taken.
    /// </summary>
    /// <param name="first">(items, dimensions), at least two items.</param>
    /// <param name="second">(items, dimensions), at least two items.</param>
    /// <exception cref="BadInputException">Too few items, unequal dimensions, or values that are no numbers.</exception>
    public static double Of(Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        Rows.Match(first, second, Metric);
        var (meanX, factorX) = MeanAndFactor(first); // one after the other: a set in float64 is twice what its embeddings are
        var (meanY, factorY) = MeanAndFactor(second);
        var cross = linalg.svdvals(factorX.mm(factorY.t())).sum(); // ()
        var distance = (meanX - meanY).square().sum() + factorX.square().sum() + factorY.square().sum() - (2 * cross);
        return Math.Max(0, distance.ToDouble());
    }

    /// <summary>
    /// The distance from means and covariances alone, as published statistics give them. The root is taken of the symmetric
    /// C1^(1/2) C2 C1^(1/2), with eigenvalues below zero (rounding) set to zero.
    /// </summary>
    /// <param name="firstMean">(dimensions).</param>
    /// <param name="firstCovariance">(dimensions, dimensions), symmetric.</param>
    /// <param name="secondMean">(dimensions).</param>
    /// <param name="secondCovariance">(dimensions, dimensions), symmetric.</param>
    public static double OfStatistics(Tensor firstMean, Tensor firstCovariance, Tensor secondMean, Tensor secondCovariance)
    {
        using var scope = NewDisposeScope();
        var (c1, c2) = Rows.Pair(firstCovariance, secondCovariance, 1, Metric);
        var (m1, m2) = Rows.Pair(firstMean.unsqueeze(0), secondMean.unsqueeze(0), 1, Metric);
        var (values, vectors) = linalg.eigh(c1);
        var root = (vectors * values.clamp_min(0).sqrt()).mm(vectors.t()); // (dimensions, dimensions)
        var cross = linalg.eigvalsh(root.mm(c2).mm(root)).clamp_min(0).sqrt().sum();
        var distance = (m1 - m2).square().sum() + c1.trace() + c2.trace() - (2 * cross);
        return Math.Max(0, distance.ToDouble());
    }

    /// <summary>
    /// The distance of two sets of rows to about 1e-4 of their spread, in a fraction of the time: for the many draws of a bootstrap. The singular values are
    /// roots of eigenvalues of their squares, of the smaller side.
    /// </summary>
    /// <param name="x">(items, dimensions), float64, at least two items.</param>
    /// <param name="y">(items, dimensions), float64, at least two items.</param>
    internal static double Quick(Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        var (meanX, meanY) = (x.mean([0L]), y.mean([0L])); // (dimensions)
        var a = (x - meanX) / Math.Sqrt(x.shape[0] - 1);
        var b = (y - meanY) / Math.Sqrt(y.shape[0] - 1);
        var traces = a.square().sum() + b.square().sum();
        Tensor squares;
        if (Math.Min(a.shape[0], b.shape[0]) <= a.shape[1])
        {
            var cross = a.shape[0] <= b.shape[0] ? a.mm(b.t()) : b.mm(a.t()); // (fewer items, more items)
            squares = cross.mm(cross.t());
        }
        else
        {
            var shift = eye(a.shape[1], dtype: ScalarType.Float64) * (traces * (1e-12 / a.shape[1])); // a covariance may be singular
            var root = linalg.cholesky(a.t().mm(a) + shift); // (dimensions, dimensions)
            squares = root.t().mm(b.t().mm(b)).mm(root);
        }

        var distance = (meanX - meanY).square().sum() + traces - (2 * linalg.eigvalsh(squares).clamp_min(0).sqrt().sum());
        return Math.Max(0, distance.ToDouble());
    }

    /// <summary>The mean, and a matrix F of at most as many rows as dimensions with Fᵀ F the covariance.</summary>
    private static (Tensor Mean, Tensor Factor) MeanAndFactor(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var wide = Rows.Of(rows, 2, Metric);
        var mean = wide.mean([0L]); // (dimensions)
        var centred = (wide - mean).div_(Math.Sqrt(rows.shape[0] - 1)); // (items, dimensions)
        wide.Dispose();
        var factor = rows.shape[0] <= rows.shape[1] ? centred : linalg.qr(centred, linalg.QRMode.R).R;
        return (mean.MoveToOuterDisposeScope(), factor.MoveToOuterDisposeScope());
    }
}
