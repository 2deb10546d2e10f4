using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding.Clap;

/// <summary>The end of a sublayer of BERT: a linear layer, the sublayer's input added, the norm.</summary>
internal sealed class DenseAndNorm : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Linear dense;
    private readonly LayerNorm LayerNorm;

    public DenseAndNorm(int width, int outWidth)
        : base(nameof(DenseAndNorm))
    {
        dense = nn.Linear(width, outWidth);
        LayerNorm = nn.LayerNorm(outWidth, RobertaEncoder.Epsilon);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor residual) // (..., width), (..., out width)
    {
        using var scope = NewDisposeScope();
        return LayerNorm.call(dense.call(x) + residual).MoveToOuterDisposeScope(); // (..., out width)
    }
}
