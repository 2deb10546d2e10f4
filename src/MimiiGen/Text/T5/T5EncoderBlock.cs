using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>Self-attention, then a feed-forward layer.</summary>
internal sealed class T5EncoderBlock : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly T5Sublayer<T5Attention> attention;
    private readonly T5Sublayer<T5FeedForward> feedForward;

    public T5EncoderBlock(T5Config config, bool hasRelativeBias, Action<string> widened)
        : base(nameof(T5EncoderBlock))
    {
        attention = new T5Sublayer<T5Attention>("SelfAttention", new T5Attention(config, hasRelativeBias), config, widened);
        feedForward = new T5Sublayer<T5FeedForward>("DenseReluDense", new T5FeedForward(config), config, widened);
        register_module("layer", new ModuleList<nn.Module>(attention, feedForward));
    }

    public T5Attention Attention => attention.Inner;

    public override Tensor forward(Tensor x, Tensor bias) // (batch, tokens, d_model), (batch, heads, tokens, tokens)
    {
        using var scope = NewDisposeScope();
        x = attention.Add(x, normed => Attention.call(normed, normed, bias));
        return feedForward.Add(x, feedForward.Inner.call).MoveToOuterDisposeScope();
    }

    /// <summary>Nothing more: the constructor gave the names, and fields would add second ones.</summary>
    protected override void RegisterComponents()
    {
    }
}
