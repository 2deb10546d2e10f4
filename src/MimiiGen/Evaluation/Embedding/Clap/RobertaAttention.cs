using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding.Clap;

/// <summary>Attention of RoBERTa with its output layer, residual and norm.</summary>
internal sealed class RobertaAttention : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly SelfAttention self;
    private readonly DenseAndNorm output;

    public RobertaAttention()
        : base(nameof(RobertaAttention))
    {
        self = new SelfAttention(RobertaEncoder.Width, RobertaEncoder.Heads);
        output = new DenseAndNorm(RobertaEncoder.Width, RobertaEncoder.Width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor bias) // (texts, tokens, 768), (texts, 1, 1, tokens)
    {
        using var scope = NewDisposeScope();
        return output.call(self.call(x, bias), x).MoveToOuterDisposeScope();
    }
}
