using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>
/// A linear classifier by ridge regression on one value a class, 1 for its own and -1 for others: standardised features, a penalty equal to the number of
/// dimensions. It has a closed form, so it depends on no chance and no learning rate.
/// </summary>
public sealed class RidgeClassifier : IDisposable
{
    private readonly Tensor mean; // (dimensions)
    private readonly Tensor deviation; // (dimensions)
    private readonly Tensor weights; // (dimensions, classes)
    private readonly Tensor bias; // (classes)

    private RidgeClassifier(Tensor mean, Tensor deviation, Tensor weights, Tensor bias) => (this.mean, this.deviation, this.weights, this.bias) = (mean, deviation, weights, bias);

    /// <summary>Learns from labelled rows.</summary>
    /// <param name="rows">(items, dimensions).</param>
    /// <param name="labels">The class of each, from 0.</param>
    /// <param name="classes">Number of classes.</param>
    /// <exception cref="BadInputException">There are fewer than two items, or values that are no numbers.</exception>
    public static RidgeClassifier Train(Tensor rows, IReadOnlyList<int> labels, int classes)
    {
        ArgumentNullException.ThrowIfNull(labels);
        using var scope = NewDisposeScope();
        var x = Rows.Of(rows, 2, "classifier");
        var (mean, deviation) = (x.mean([0L]), x.std(0).clamp_min(1e-9));
        x = (x - mean) / deviation; // (items, dimensions)
        var targets = (2 * nn.functional.one_hot(tensor(labels.Select(l => (long)l).ToArray()), classes).to(ScalarType.Float64)) - 1; // (items, classes)
        var bias = targets.mean([0L]);
        var penalised = x.mm(x.t()) + (eye(x.shape[0], dtype: ScalarType.Float64) * x.shape[1]); // (items, items)
        var weights = x.t().mm(linalg.solve(penalised, targets - bias)); // (dimensions, classes)
        return new RidgeClassifier(mean.DetachFromDisposeScope(), deviation.DetachFromDisposeScope(), weights.DetachFromDisposeScope(), bias.DetachFromDisposeScope());
    }

    /// <summary>The class of each row.</summary>
    /// <param name="rows">(items, dimensions).</param>
    public int[] Classify(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var scores = ((Rows.Of(rows, 1, "classifier") - mean) / deviation).mm(weights) + bias; // (items, classes)
        return [.. scores.argmax(1).data<long>().ToArray().Select(c => (int)c)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        mean.Dispose();
        deviation.Dispose();
        weights.Dispose();
        bias.Dispose();
    }
}
