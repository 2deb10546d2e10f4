using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding.Clap;

/// <summary>Scaled dot-product attention of tokens to one another, with a bias on the scores; its output layer lies outside.</summary>
internal class SelfAttention : nn.Module<Tensor, Tensor?, Tensor>
{
    private readonly Linear query;
    private readonly Linear key;
    private readonly Linear value;
    private readonly int heads;

    public SelfAttention(int width, int heads)
        : base(nameof(SelfAttention))
    {
        this.heads = heads;
        query = nn.Linear(width, width);
        key = nn.Linear(width, width);
        value = nn.Linear(width, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor? bias) // (batch, tokens, width), (batch or 1, heads or 1, tokens or 1, tokens)
    {
        using var scope = NewDisposeScope();
        var (batch, tokens, width) = (x.shape[0], x.shape[1], x.shape[2]);
        var scores = matmul(Heads(query.call(x)), Heads(key.call(x)).transpose(2, 3)) / Math.Sqrt(width / heads); // (batch, heads, tokens, tokens)
        if (bias is not null) scores += bias;
        var mixed = matmul(scores.softmax(-1), Heads(value.call(x))); // (batch, heads, tokens, width / heads)
        return mixed.transpose(1, 2).reshape(batch, tokens, width).MoveToOuterDisposeScope(); // (batch, tokens, width)

        Tensor Heads(Tensor t) => t.view(batch, tokens, heads, width / heads).transpose(1, 2);
    }
}
