using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>
/// A model's prediction for samples wider than those it was trained on: overlapping windows, each predicted by itself, and their mean where they overlap,
/// weighted by straight slopes (MultiDiffusion, Bar-Tal et al. 2023, eq. 5). All windows belong to one sample, so that they agree more at every step. One
/// window is computed at a time: memory does not grow with the width.
/// </summary>
public sealed class WindowedPrediction
{
    private readonly Func<Tensor, double, Tensor> predict;
    private readonly int width;
    private readonly int overlap;

    /// <param name="predict">The model's prediction for (batch, channels, height, width or less).</param>
    /// <param name="width">Width of a window.</param>
    /// <param name="overlap">Least overlap of two neighbours, 1 to width - 1.</param>
    public WindowedPrediction(Func<Tensor, double, Tensor> predict, int width, int overlap)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 2);
        (this.predict, this.width, this.overlap) = (predict, width, Math.Clamp(overlap, 1, width - 1));
    }

    /// <summary>First columns of the windows of a sample that wide, evenly spaced from its beginning to its end.</summary>
    public IReadOnlyList<int> Starts(int total)
    {
        if (total <= width) return [0];
        var count = 1 + (int)Math.Ceiling((total - width) / (double)(width - overlap));
        return [.. Enumerable.Range(0, count).Select(i => (int)Math.Round(i * (total - width) / (count - 1.0)))];
    }

    /// <summary>The prediction for a sample of any width.</summary>
    /// <param name="sample">(batch, channels, height, width).</param>
    /// <param name="timestep">Of the sample.</param>
    public Tensor Predict(Tensor sample, double timestep)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var total = (int)sample.shape[3];
        if (total <= width) return predict(sample, timestep);
        using var scope = NewDisposeScope();
        var slopes = Slopes().to(sample.dtype).to(sample.device); // (width)
        var sum = zeros_like(sample);
        var weights = zeros(total, dtype: sample.dtype, device: sample.device);
        foreach (var start in Starts(total))
        {
            using var window = NewDisposeScope();
            var prediction = predict(sample.narrow(3, start, width).contiguous(), timestep); // (batch, channels, height, width)
            sum.narrow(3, start, width).add_(prediction * slopes);
            weights.narrow(0, start, width).add_(slopes);
        }

        return (sum / weights).MoveToOuterDisposeScope(); // (batch, channels, height, total)
    }

    /// <summary>1 in the middle, falling to nearly 0 over the overlap at both ends: (width).</summary>
    private Tensor Slopes() => tensor([.. Enumerable.Range(0, width).Select(i => Math.Min(1.0, (Math.Min(i, width - 1 - i) + 0.5) / overlap))]);
}
