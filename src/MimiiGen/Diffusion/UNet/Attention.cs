using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>Multi-head attention with softmax(q k' / sqrt(head width)) v; parameters to_q, to_k, to_v, to_out.0.</summary>
internal sealed class Attention : nn.Module<Tensor, CrossAttentionContext?, Tensor, Tensor>
{
    private const string Output = "to_out.0";

    private readonly long heads;
    private readonly Linear to_q, to_k, to_v;
    private readonly Sequential to_out;
    private readonly Dictionary<string, LowRankUpdate> updates = new(StringComparer.Ordinal); // in a dictionary they are no part of the checkpoint

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

    /// <summary>The linear layers by their names.</summary>
    public IEnumerable<(string Name, Linear Layer)> Projections => [(nameof(to_q), to_q), (nameof(to_k), to_k), (nameof(to_v), to_v), (Output, (Linear)to_out[0])];

    /// <summary>From now on a layer's output gains that of the update, which stays the caller's.</summary>
    public void Attach(string name, LowRankUpdate update) => updates[name] = update;

    /// <summary>Attends to the context, or to the hidden states themselves where it is null; the result is added to <paramref name="residual"/>.</summary>
    public override Tensor forward(Tensor hidden, CrossAttentionContext? context, Tensor residual) // (batch, positions, channels)
    {
        using var scope = NewDisposeScope();
        var (keys, values) = context?.For(this) ?? KeysAndValues(hidden); // 2 x (batch, tokens, channels)
        var mixed = InferenceLayers.Attend(Project(nameof(to_q), to_q, hidden), keys, values, heads, context?.Bias); // (batch, positions, channels)
        return Project(Output, to_out[0], mixed, add: residual).MoveToOuterDisposeScope(); // (batch, positions, channels)
    }

    public (Tensor Keys, Tensor Values) KeysAndValues(Tensor tokens) => // (batch, tokens, context channels)
        (Project(nameof(to_k), to_k, tokens), Project(nameof(to_v), to_v, tokens)); // 2 x (batch, tokens, channels)

    private Tensor Project(string name, nn.IModule<Tensor, Tensor> layer, Tensor tokens, Tensor? add = null) // (batch, positions, inputs)
    {
        var result = InferenceLayers.Project(layer, tokens, add); // (batch, positions, outputs)
        return updates.TryGetValue(name, out var update) ? result.add_(update.call(tokens)) : result;
    }
}
