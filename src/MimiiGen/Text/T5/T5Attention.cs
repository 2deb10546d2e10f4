using MimiiGen.Kernels;
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

    /// <summary>
    /// Self-attention within each caption, by <c>Kernels</c>: the projections of all tokens at once, the scores caption by caption, so that none depends on what the others are.
    /// </summary>
    /// <param name="x">(tokens, d_model), one caption after the other.</param>
    /// <param name="bounds">For each caption its first token and their number.</param>
    /// <param name="bias">For each caption the bias of its pairs of positions (1, heads, tokens, tokens).</param>
    /// <param name="add">Added to the result: (tokens, d_model).</param>
    public Tensor Pass(Tensor x, IReadOnlyList<(int First, int Count)> bounds, IReadOnlyList<Tensor> bias, Tensor add)
    {
        using var scope = NewDisposeScope();
        var (queries, keys, values) = (q.Pass<Identity>(x), k.Pass<Identity>(x), v.Pass<Identity>(x)); // (tokens, heads * d_kv)
        var mixed = empty_like(queries);
        for (var i = 0; i < bounds.Count; i++)
        {
            using var each = NewDisposeScope();
            var weights = nn.functional.softmax(matmul(Part(queries, i), Part(keys, i).transpose(2, 3)).add_(bias[i]), -1); // (1, heads, tokens, tokens)
            mixed.narrow(0, bounds[i].First, bounds[i].Count).copy_(matmul(weights, Part(values, i)).transpose(1, 2).reshape(bounds[i].Count, config.InnerWidth));
        }

        return o.Pass<Identity>(mixed, add).MoveToOuterDisposeScope(); // (tokens, d_model)

        Tensor Part(Tensor all, int i) => Heads(all.narrow(0, bounds[i].First, bounds[i].Count).unsqueeze(0)); // (1, heads, tokens, d_kv)
    }

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
