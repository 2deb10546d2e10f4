using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>The squared maximum mean discrepancy (Gretton et al. 2012) from the values of a kernel.</summary>
internal static class Discrepancy
{
    /// <summary>Mean within each set without the items themselves (unbiased), minus twice the mean between the sets.</summary>
    /// <param name="withinFirst">(n, n).</param>
    /// <param name="withinSecond">(m, m).</param>
    /// <param name="between">(n, m).</param>
    public static double Of(Tensor withinFirst, Tensor withinSecond, Tensor between)
    {
        return Within(withinFirst) + Within(withinSecond) - (2 * between.mean().ToDouble());

        static double Within(Tensor values)
        {
            using var scope = NewDisposeScope();
            var n = values.shape[0];
            return (values.sum() - values.trace()).ToDouble() / (n * (n - 1));
        }
    }
}
