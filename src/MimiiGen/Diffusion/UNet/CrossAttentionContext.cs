using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>
/// What the U-Net's cross-attention looks at: the text states of each clip of a batch and which of their tokens are real.
/// Kept over the steps of a sampler it also keeps the keys and values, which depend on the text alone.
/// </summary>
public sealed class CrossAttentionContext : IDisposable
{
    private readonly Dictionary<Attention, (Tensor Keys, Tensor Values)>? kept;

    /// <summary>Wraps the text of a batch; the tensors stay the caller's.</summary>
    /// <param name="states">Text states (batch, tokens, width).</param>
    /// <param name="mask">1 for real tokens, 0 for padding (batch, tokens); null when all are real.</param>
    /// <param name="keepKeysAndValues">Compute keys and values once, for inference only: they would be stale after a weight changes.</param>
    public CrossAttentionContext(Tensor states, Tensor? mask = null, bool keepKeysAndValues = false)
    {
        ArgumentNullException.ThrowIfNull(states);
        States = states;
        if (keepKeysAndValues) kept = [];
        if (mask is null) return;
        using var real = mask.to(states.dtype).to(states.device).view(mask.shape[0], 1, 1, mask.shape[1]); // (batch, 1, 1, tokens)
        using var padded = 1 - real;
        Bias = (padded * -10000.0).DetachFromDisposeScope();
    }

    /// <summary>Text states (batch, tokens, width).</summary>
    public Tensor States { get; }

    /// <summary>Added to the attention scores: 0 for real tokens, -10000 for padding, as diffusers does (batch, 1, 1, tokens).</summary>
    internal Tensor? Bias { get; private init; }

    /// <summary>A text with the bias of another context; both stay the caller's.</summary>
    internal static CrossAttentionContext WithBias(Tensor states, Tensor? bias) => new(states) { Bias = bias?.alias() };

    /// <summary>The keys and values (batch, tokens, channels) that one attention layer makes of the text.</summary>
    internal (Tensor Keys, Tensor Values) For(Attention attention)
    {
        if (kept is null) return attention.KeysAndValues(States);
        if (kept.TryGetValue(attention, out var ready)) return ready;
        var (keys, values) = attention.KeysAndValues(States);
        return kept[attention] = (keys.DetachFromDisposeScope(), values.DetachFromDisposeScope());
    }

    /// <summary>Frees the mask's bias and the kept keys and values.</summary>
    public void Dispose()
    {
        Bias?.Dispose();
        if (kept is null) return;
        foreach (var (keys, values) in kept.Values)
        {
            keys.Dispose();
            values.Dispose();
        }

        kept.Clear();
    }
}
