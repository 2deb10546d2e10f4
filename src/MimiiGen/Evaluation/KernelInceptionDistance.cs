using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>
/// KID (Bińkowski et al. 2018): the squared maximum mean discrepancy under the polynomial kernel (gamma x·y + c)^degree, unbiased within each set.
/// A little negative where the sets are alike.
/// </summary>
public static class KernelInceptionDistance
{
    private const string Metric = "KID";

    /// <summary>The distance of two whole sets of rows.</summary>
    /// <param name="reference">(items, dimensions): the real clips, at least two.</param>
    /// <param name="evaluated">(items, dimensions): the generated clips, at least two.</param>
    /// <param name="degree">Of the kernel.</param>
    /// <param name="gamma">Factor on the inner product; 1 / dimensions where it is left out.</param>
    /// <param name="constant">c.</param>
    /// <exception cref="BadInputException">Too few items, unequal dimensions, or values that are no numbers.</exception>
    public static double Of(Tensor reference, Tensor evaluated, int degree = 3, double? gamma = null, double constant = 1)
    {
        using var scope = NewDisposeScope();
        var (x, y) = Rows.Pair(reference, evaluated, 2, Metric);
        return Discrepancy.Of(Kernel(x, x, degree, gamma, constant), Kernel(y, y, degree, gamma, constant), Kernel(x, y, degree, gamma, constant));
    }

    /// <summary>The kernel of every row with every other.</summary>
    internal static Tensor Kernel(Tensor a, Tensor b, int degree = 3, double? gamma = null, double constant = 1) =>
        ((a.mm(b.t()) * (gamma ?? (1.0 / a.shape[1]))) + constant).pow(degree); // (items of a, items of b)
}
