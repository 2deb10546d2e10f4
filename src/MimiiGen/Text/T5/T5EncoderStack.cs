using MimiiGen.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>The blocks of an encoder and the norm behind them.</summary>
internal sealed class T5EncoderStack : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly ModuleList<T5EncoderBlock> block;
    private readonly T5LayerNorm final_layer_norm;
    private readonly double dropout;

    public T5EncoderStack(T5Config config, Action<string> widened)
        : base(nameof(T5EncoderStack))
    {
        dropout = config.DropoutRate;
        block = new ModuleList<T5EncoderBlock>([.. Enumerable.Range(0, config.NumLayers).Select(i => new T5EncoderBlock(config, hasRelativeBias: i == 0, name => widened($"encoder.block.{i}.{name}")))]);
        final_layer_norm = new T5LayerNorm(config);
        RegisterComponents();
    }

    /// <summary>The same for several captions without gradients, by <c>Kernels</c>: no padding, and each caption's result is what it is alone, bit for bit.</summary>
    /// <param name="embedded">(tokens, d_model), one caption after the other.</param>
    /// <param name="bounds">For each caption its first token and their number.</param>
    /// <returns>(tokens, d_model).</returns>
    public Tensor Pass(Tensor embedded, IReadOnlyList<(int First, int Count)> bounds)
    {
        using var scope = NewDisposeScope();
        var ofLength = bounds.Select(b => b.Count).Distinct().ToDictionary(n => n, n => block[0].Attention.PositionBias(n, n, bidirectional: true, embedded.device)); // (1, heads, n, n)
        Tensor[] bias = [.. bounds.Select(b => ofLength[b.Count])];
        var x = embedded;
        foreach (var each in block) x = each.Pass(x, bounds, bias);
        return TokenNormalization.RootMeanSquare(x, final_layer_norm.Epsilon, final_layer_norm.Weight).MoveToOuterDisposeScope();
    }

    public override Tensor forward(Tensor embedded, Tensor attentionMask) // (batch, tokens, d_model), (batch, tokens)
    {
        using var scope = NewDisposeScope();
        var tokens = (int)embedded.shape[1];
        var bias = block[0].Attention.PositionBias(tokens, tokens, bidirectional: true, embedded.device)
            + T5Mask.Padding(attentionMask, embedded.dtype); // (batch, heads, tokens, tokens)
        var x = nn.functional.dropout(embedded, dropout, training);
        foreach (var each in block) x = each.call(x, bias);
        return nn.functional.dropout(final_layer_norm.call(x), dropout, training).MoveToOuterDisposeScope(); // (batch, tokens, d_model)
    }
}
