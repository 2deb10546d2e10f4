using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding.Clap;

/// <summary>A layer of RoBERTa: attention, then a feed-forward layer, the norms behind each.</summary>
internal sealed class RobertaLayer : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly RobertaAttention attention;
    private readonly Dense intermediate;
    private readonly DenseAndNorm output;

    public RobertaLayer()
        : base(nameof(RobertaLayer))
    {
        attention = new RobertaAttention();
        intermediate = new Dense(RobertaEncoder.Width, 4 * RobertaEncoder.Width);
        output = new DenseAndNorm(4 * RobertaEncoder.Width, RobertaEncoder.Width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor bias) // (texts, tokens, 768), (texts, 1, 1, tokens)
    {
        using var scope = NewDisposeScope();
        var attended = attention.call(x, bias);
        return output.call(nn.functional.gelu(intermediate.call(attended)), attended).MoveToOuterDisposeScope(); // (texts, tokens, 768)
    }
}
