using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Codec.Streaming;

/// <summary>
/// Joins overlapping segments as the encodec package does: each is weighted by a triangle over the first one's length, and the sum divided by
/// the sum of the weights.
/// </summary>
/// <param name="stride">Samples from one segment's beginning to the next one's; none: there is one segment.</param>
internal sealed class CrossFade(int? stride) : IDisposable
{
    private Tensor? triangle; // (length of the first segment)
    private Tensor? sum; // (channels, length) from the last segment's beginning on
    private Tensor? weights; // (length)

    /// <summary>Takes the next segment (channels, length) and gives the samples before it: (channels, stride), none for the first one.</summary>
    public Tensor? Add(Tensor segment)
    {
        using var scope = NewDisposeScope();
        triangle ??= Triangle(segment.shape[1]).to(segment.device).DetachFromDisposeScope();
        var length = segment.shape[1];
        var weight = triangle.narrow(0, 0, length);
        var before = sum is null ? null : (sum / weights!).narrow(1, 0, stride!.Value);
        var (later, laterWeights) = (zeros_like(segment), zeros_like(weight));
        if (sum is not null && sum.shape[1] > stride!.Value)
        {
            // of the last segments little may be left, and nothing reaches beyond the one before
            var reach = sum.shape[1] - stride.Value;
            var longest = Math.Max(reach, length);
            later = Widened(sum.narrow(1, stride.Value, reach), longest);
            laterWeights = Widened(weights!.unsqueeze(0).narrow(1, stride.Value, reach), longest)[0];
        }

        later.narrow(1, 0, length).add_(segment * weight);
        laterWeights.narrow(0, 0, length).add_(weight);
        Dispose(sum, weights);
        (sum, weights) = (later.DetachFromDisposeScope(), laterWeights.DetachFromDisposeScope());
        return before?.MoveToOuterDisposeScope();
    }

    /// <summary>The samples from the last segment's beginning on; none where there was no segment.</summary>
    public Tensor? Rest() => sum is null ? null : sum / weights!;

    /// <inheritdoc/>
    public void Dispose() => Dispose(triangle, sum, weights);

    private static Tensor Widened(Tensor rows, long length)
    {
        var wide = zeros(rows.shape[0], length, dtype: rows.dtype, device: rows.device);
        wide.narrow(1, 0, rows.shape[1]).add_(rows);
        return wide;
    }

    private static Tensor Triangle(long length) => 0.5 - (linspace(0, 1, length + 2).narrow(0, 1, length) - 0.5).abs();

    private static void Dispose(params Tensor?[] tensors)
    {
        foreach (var tensor in tensors) tensor?.Dispose();
    }
}
