using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>Multi-head attention with softmax(q k' / sqrt(head width)) v; parameters to_q, to_k, to_v, to_out.0.</summary>
internal sealed class Attention : nn.Module<Tensor, CrossAttentionContext?, Tensor, Tensor>
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

    /// <summary>Attends to the context, or to the hidden states themselves where it is null; the result is added to <paramref name="residual"/>.</summary>
    public override Tensor forward(Tensor hidden, CrossAttentionContext? context, Tensor residual) // (batch, positions, channels)
    {
        using var scope = NewDisposeScope();
        var (keys, values) = context?.For(this) ?? KeysAndValues(hidden); // 2 x (batch, tokens, channels)
        var mixed = InferenceLayers.Attend(InferenceLayers.Project(to_q, hidden), keys, values, heads, context?.Bias); // (batch, positions, channels)
        return InferenceLayers.Project(to_out[0], mixed, add: residual).MoveToOuterDisposeScope(); // (batch, positions, channels)
    }

    public (Tensor Keys, Tensor Values) KeysAndValues(Tensor tokens) => // (batch, tokens, context channels)
        (InferenceLayers.Project(to_k, tokens), InferenceLayers.Project(to_v, tokens)); // 2 x (batch, tokens, channels)
}
