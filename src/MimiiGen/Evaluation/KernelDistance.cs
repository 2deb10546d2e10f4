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
    private const double Scale = 100;

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
        var gamma = 1 / ((2 * width * width) + 1e-8);
        return Scale * (MeanWithin(x) + MeanWithin(y) - (2 * Kernel(x, y).mean().ToDouble()));

        double MeanWithin(Tensor rows)
        {
            var values = Kernel(rows, rows); // (items, items)
            var n = rows.shape[0];
            return (values.sum() - values.trace()).ToDouble() / (n * (n - 1));
        }

        Tensor Kernel(Tensor a, Tensor b)
        {
            var scaled = gamma * Rows.Distances(a, b).square(); // (items of a, items of b)
            return kernel switch
            {
                DistanceKernel.Gaussian => (-scaled).exp(),
                DistanceKernel.InverseQuadratic => (1 + scaled).reciprocal(),
                _ => (1 + scaled).rsqrt(),
            };
        }
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
