using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>Self-attention to the tokens so far, attention to the encoder's states, then a feed-forward layer.</summary>
internal sealed class T5DecoderBlock : nn.Module
{
    private readonly T5Sublayer<T5Attention> self;
    private readonly T5Sublayer<T5Attention> cross;
    private readonly T5Sublayer<T5FeedForward> feedForward;

    public T5DecoderBlock(T5Config config, bool hasRelativeBias, Action<string> widened)
        : base(nameof(T5DecoderBlock))
    {
        self = new T5Sublayer<T5Attention>("SelfAttention", new T5Attention(config, hasRelativeBias), config, widened);
        cross = new T5Sublayer<T5Attention>("EncDecAttention", new T5Attention(config, hasRelativeBias: false), config, widened);
        feedForward = new T5Sublayer<T5FeedForward>("DenseReluDense", new T5FeedForward(config), config, widened);
        register_module("layer", new ModuleList<nn.Module>(self, cross, feedForward));
    }

    public T5Attention SelfAttention => self.Inner;

    /// <summary>
    /// Takes the tokens (rows, queries, d_model) that follow those in <paramref name="memory"/>; biases are (1, heads, queries, tokens so far)
    /// and (rows, 1, 1, source tokens).
    /// </summary>
    public Tensor Step(Tensor x, Tensor states, Tensor selfBias, Tensor crossBias, T5Memory memory)
    {
        using var scope = NewDisposeScope();
        var place = memory.Length; // a layer that overflows is asked twice
        x = self.Add(x, normed =>
        {
            var (keys, values) = memory.Append(SelfAttention.Project(normed), place);
            return SelfAttention.Attend(normed, keys, values, selfBias);
        });
        x = cross.Add(x, normed =>
        {
            var (keys, values) = memory.Source(() => cross.Inner.Project(states), cross.Inner.Type);
            return cross.Inner.Attend(normed, keys, values, crossBias);
        });
        return feedForward.Add(x, feedForward.Inner.call).MoveToOuterDisposeScope(); // (rows, queries, d_model)
    }

    /// <summary>Nothing more: the constructor gave the names, and fields would add second ones.</summary>
    protected override void RegisterComponents()
    {
    }
}
