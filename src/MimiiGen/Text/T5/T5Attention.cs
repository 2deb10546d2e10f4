using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>
/// T5's attention: the scores are not divided by the root of the key width (the initialisation accounts for it), and the positions
/// come in as a bias on the scores. The first self-attention of a stack holds that bias for all blocks.
/// </summary>
internal sealed class T5Attention : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly T5Linear q;
    private readonly T5Linear k;
    private readonly T5Linear v;
    private readonly T5Linear o;
    private readonly T5Embedding? relative_attention_bias;
    private readonly T5Config config;

    public T5Attention(T5Config config, bool hasRelativeBias)
        : base(nameof(T5Attention))
    {
        this.config = config;
        var factor = config.InitializerFactor;
        var fromModel = factor * Math.Pow(config.DModel, -0.5);
        q = new T5Linear(config.DModel, config.InnerWidth, factor * Math.Pow((double)config.DModel * config.DKv, -0.5));
        k = new T5Linear(config.DModel, config.InnerWidth, fromModel);
        v = new T5Linear(config.DModel, config.InnerWidth, fromModel);
        o = new T5Linear(config.InnerWidth, config.DModel, factor * Math.Pow(config.InnerWidth, -0.5));
        if (hasRelativeBias) relative_attention_bias = new T5Embedding(config.RelativeAttentionNumBuckets, config.NumHeads, fromModel);
        RegisterComponents();
    }

    /// <summary>What it computes in.</summary>
    public ScalarType Type => q.Type;

    /// <summary>Attention of each token of <paramref name="x"/> to each of <paramref name="source"/>.</summary>
    public override Tensor forward(Tensor x, Tensor source, Tensor bias) // (batch, queries, d_model), (batch, keys, d_model), (batch or 1, heads or 1, queries, keys)
    {
        using var scope = NewDisposeScope();
        var (keys, values) = Project(source);
        return Attend(x, keys, values, bias).MoveToOuterDisposeScope();
    }

    /// <summary>Keys and values of a source, to be kept where later tokens attend to it again: (batch, heads, keys, d_kv) each.</summary>
    public (Tensor Keys, Tensor Values) Project(Tensor source) => (Heads(k.call(source)), Heads(v.call(source)));

    /// <summary>Attention of each token of <paramref name="x"/> to keys that are at hand.</summary>
    public Tensor Attend(Tensor x, Tensor keys, Tensor values, Tensor bias) // (batch, queries, d_model)
    {
        using var scope = NewDisposeScope();
        var scores = matmul(Heads(q.call(x)), keys.to(Type).transpose(2, 3)) + bias; // (batch, heads, queries, keys)
        var weights = nn.functional.softmax(scores, -1, ScalarType.Float32).to(scores.dtype);
        weights = nn.functional.dropout(weights, config.DropoutRate, training);
        var mixed = matmul(weights, values.to(weights.dtype)).transpose(1, 2); // (batch, queries, heads, d_kv)
        return o.call(mixed.reshape(mixed.shape[0], mixed.shape[1], config.InnerWidth)).MoveToOuterDisposeScope(); // (batch, queries, d_model)
    }

    /// <summary>The bias of every pair of positions: (1, heads, queries, keys).</summary>
    public Tensor PositionBias(int queries, int keys, bool bidirectional, Device device)
    {
        using var scope = NewDisposeScope();
        var table = relative_attention_bias ?? throw new InvalidOperationException("only the first block of a T5 stack holds the relative positions");
        var buckets = RelativePosition.Buckets(queries, keys, bidirectional, config, device);
        return table.call(buckets).permute(2, 0, 1).unsqueeze(0).MoveToOuterDisposeScope();
    }

    private Tensor Heads(Tensor x) => // (batch, tokens, heads * d_kv) -> (batch, heads, tokens, d_kv)
        x.view(x.shape[0], x.shape[1], config.NumHeads, config.DKv).transpose(1, 2);
}
