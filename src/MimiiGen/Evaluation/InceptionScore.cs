using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>
/// The Inception Score (Salimans et al. 2016): exp of the mean divergence of each clip's classes from the classes of all clips;
/// 1 when every clip sounds alike, the number of classes when each is sure and all occur.
/// </summary>
/// <param name="Mean">Mean over the parts.</param>
/// <param name="Deviation">Standard deviation over the parts (divided by their number).</param>
public sealed record InceptionScore(double Mean, double Deviation)
{
    /// <summary>The score of logits (clips, classes), taken in successive parts of nearly equal size; shuffle before where order has a meaning.</summary>
    /// <exception cref="BadInputException">There are fewer clips than parts, or values that are no numbers.</exception>
    public static InceptionScore Of(Tensor logits, int parts = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(parts);
        using var scope = NewDisposeScope();
        var rows = Rows.Of(logits, parts, "Inception Score");
        var logP = nn.functional.log_softmax(rows, 1); // (clips, classes)
        var count = rows.shape[0];
        double[] scores = [.. Enumerable.Range(0, parts).Select(i => Score(logP[(int)(i * count / parts)..(int)((i + 1) * count / parts)]))];
        var mean = scores.Average();
        return new InceptionScore(mean, Math.Sqrt(scores.Average(s => (s - mean) * (s - mean))));
    }

    private static double Score(Tensor logP)
    {
        var p = logP.exp();
        var all = p.mean([0L]); // (classes)
        return Math.Exp((p.xlogy(p) - p.xlogy(all)).sum(1).mean().ToDouble());
    }
}
