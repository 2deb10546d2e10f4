using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>Masks as a bias on attention scores: 0 where a key may be seen, the type's lowest value where not.</summary>
internal static class T5Mask
{
    /// <summary>Hides padding: (batch, keys), 0 where padded -> (batch, 1, 1, keys).</summary>
    public static Tensor Padding(Tensor attentionMask, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var hidden = attentionMask.eq(0).unsqueeze(1).unsqueeze(1);
        return Hide(hidden, type).MoveToOuterDisposeScope();
    }

    /// <summary>Hides from each of the last <paramref name="queries"/> positions what comes behind it: (queries, keys).</summary>
    public static Tensor Future(int queries, int keys, ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        var hidden = ones(queries, keys, dtype: ScalarType.Bool, device: device).triu(keys - queries + 1);
        return Hide(hidden, type).MoveToOuterDisposeScope();
    }

    private static Tensor Hide(Tensor hidden, ScalarType type) =>
        zeros(hidden.shape, type, hidden.device).masked_fill_(hidden, finfo(type).min);
}
