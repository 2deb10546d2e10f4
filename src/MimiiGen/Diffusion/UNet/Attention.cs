using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>Multi-head attention with softmax(q k' / sqrt(head width)) v; parameters to_q, to_k, to_v, to_out.0.</summary>
internal sealed class Attention : nn.Module<Tensor, CrossAttentionContext?, Tensor>
{
    private readonly long heads;
    private readonly Linear to_q, to_k, to_v;
    private readonly Sequential to_out;

    public Attention(long channels, long contextChannels, long heads)
        : base(nameof(Attention))
    {
        this.heads = heads;
        to_q = nn.Linear(channels, channels, hasBias: false);
        to_k = nn.Linear(contextChannels, channels, hasBias: false);
        to_v = nn.Linear(contextChannels, channels, hasBias: false);
        to_out = nn.Sequential(("0", nn.Linear(channels, channels)));
        RegisterComponents();
    }

    /// <summary>Attends to the context, or to the hidden states themselves where it is null.</summary>
    public override Tensor forward(Tensor hidden, CrossAttentionContext? context) // (batch, positions, channels)
    {
        using var scope = NewDisposeScope();
        var query = SplitHeads(to_q.forward(hidden)); // (batch, heads, positions, head width)
        var (keys, values) = context?.For(this) ?? KeysAndValues(hidden); // (batch, heads, tokens, head width)
        var mixed = nn.functional.scaled_dot_product_attention(query, keys, values, context?.Bias); // (batch, heads, positions, head width)
        return to_out.forward(mixed.transpose(1, 2).flatten(2)).MoveToOuterDisposeScope(); // (batch, positions, channels)
    }

    public (Tensor Keys, Tensor Values) KeysAndValues(Tensor tokens) => // (batch, tokens, context channels)
        (SplitHeads(to_k.forward(tokens)), SplitHeads(to_v.forward(tokens))); // 2 x (batch, heads, tokens, head width)

    private Tensor SplitHeads(Tensor x) => x.unflatten(2, [heads, -1]).transpose(1, 2); // (batch, heads, tokens, head width)
}
