using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>
/// KAD, the kernel audio distance (Chung et al. 2025, arXiv 2502.15602): the unbiased squared maximum mean discrepancy of two
/// sets of embeddings, times 100. It needs no normal distribution and settles with fewer clips than the Fréchet distance;
/// being unbiased, it is a little negative where the sets are alike.
/// </summary>
public static class KernelDistance
{
    private const string Metric = "kernel distance";
    internal const double Scale = 100;

    /// <summary>The distance of two sets of rows.</summary>
    /// <param name="reference">(items, dimensions): the real clips, at least two.</param>
    /// <param name="evaluated">(items, dimensions): the generated clips, at least two.</param>
    /// <param name="bandwidth">The kernel's; left out, the median distance within the reference.</param>
    /// <param name="kernel">The kernel's shape.</param>
    /// <exception cref="BadInputException">Too few items, unequal dimensions, or values that are no numbers.</exception>
    public static double Of(Tensor reference, Tensor evaluated, double? bandwidth = null, DistanceKernel kernel = DistanceKernel.Gaussian)
    {
        using var scope = NewDisposeScope();
        var (x, y) = Rows.Pair(reference, evaluated, 2, Metric);
        var width = bandwidth ?? MedianDistance(x);
        return Scale * Discrepancy.Of(Kernel(x, x, width, kernel), Kernel(y, y, width, kernel), Kernel(x, y, width, kernel));
    }

    /// <summary>The kernel of every row with every other.</summary>
    internal static Tensor Kernel(Tensor a, Tensor b, double bandwidth, DistanceKernel kernel = DistanceKernel.Gaussian)
    {
        using var scope = NewDisposeScope();
        var gamma = 1 / ((2 * bandwidth * bandwidth) + 1e-8);
        var scaled = gamma * Rows.Distances(a, b).square(); // (items of a, items of b)
        var values = kernel switch
        {
            DistanceKernel.Gaussian => (-scaled).exp(),
            DistanceKernel.InverseQuadratic => (1 + scaled).reciprocal(),
            _ => (1 + scaled).rsqrt(),
        };
        return values.MoveToOuterDisposeScope();
    }

    /// <summary>The median of the distances between different rows; of an even count the lower of the middle two.</summary>
    public static double MedianDistance(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var x = Rows.Of(rows, 2, Metric);
        var distances = Rows.Distances(x, x);
        var upper = triu_indices(x.shape[0], x.shape[0], 1); // (2, pairs)
        return distances.index([upper[0], upper[1]]).median().ToDouble();
    }
}
