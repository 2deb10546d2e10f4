using MimiiGen.Kernels;
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

    /// <summary>The same computed for the tokens of several captions, one caption after the other (tokens, d_model), by <c>Kernels</c>.</summary>
    /// <param name="x">(tokens, d_model).</param>
    /// <param name="bounds">For each caption its first token and their number.</param>
    /// <param name="bias">For each caption the bias of its pairs of positions (1, heads, tokens, tokens).</param>
    public Tensor Pass(Tensor x, IReadOnlyList<(int First, int Count)> bounds, IReadOnlyList<Tensor> bias)
    {
        using var scope = NewDisposeScope();
        x = Attention.Pass(TokenNormalization.RootMeanSquare(x, attention.Norm.Epsilon, attention.Norm.Weight), bounds, bias, add: x);
        return feedForward.Inner.Pass(TokenNormalization.RootMeanSquare(x, feedForward.Norm.Epsilon, feedForward.Norm.Weight), add: x).MoveToOuterDisposeScope();
    }

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
