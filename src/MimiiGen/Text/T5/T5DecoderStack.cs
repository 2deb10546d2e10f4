using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>The blocks of a decoder and the norm behind them.</summary>
internal sealed class T5DecoderStack : nn.Module
{
    private readonly ModuleList<T5DecoderBlock> block;
    private readonly T5LayerNorm final_layer_norm;
    private readonly double dropout;

    public T5DecoderStack(T5Config config, Action<string> widened)
        : base(nameof(T5DecoderStack))
    {
        dropout = config.DropoutRate;
        block = new ModuleList<T5DecoderBlock>([.. Enumerable.Range(0, config.DecoderLayers).Select(i => new T5DecoderBlock(config, hasRelativeBias: i == 0, name => widened($"decoder.block.{i}.{name}")))]);
        final_layer_norm = new T5LayerNorm(config);
        RegisterComponents();
    }

    /// <summary>
    /// Takes embedded tokens (rows, queries, d_model) that follow those in the memories, one for each block, and attends to the
    /// encoder's states (rows, source tokens, d_model) under their mask (rows, source tokens).
    /// </summary>
    public Tensor Step(Tensor embedded, Tensor states, Tensor attentionMask, IReadOnlyList<T5Memory> memories)
    {
        using var scope = NewDisposeScope();
        var queries = (int)embedded.shape[1];
        var keys = memories[0].Length + queries;
        var selfBias = block[0].SelfAttention.PositionBias(queries, keys, bidirectional: false, embedded.device)
            + T5Mask.Future(queries, keys, embedded.dtype, embedded.device); // (1, heads, queries, keys)
        var crossBias = T5Mask.Padding(attentionMask, embedded.dtype); // (rows, 1, 1, source tokens)
        var x = nn.functional.dropout(embedded, dropout, training);
        for (var i = 0; i < block.Count; i++) x = block[i].Step(x, states, selfBias, crossBias, memories[i]);
        return nn.functional.dropout(final_layer_norm.call(x), dropout, training).MoveToOuterDisposeScope(); // (rows, queries, d_model)
    }
}
