using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding.Clap;

/// <summary>Halves a picture's sides: four patches become one of twice the width.</summary>
internal sealed class PatchMerging : nn.Module<Tensor, Tensor>
{
    private readonly Linear reduction;
    private readonly LayerNorm norm;
    private readonly int side;

    public PatchMerging(int width, int side)
        : base(nameof(PatchMerging))
    {
        this.side = side;
        reduction = nn.Linear(4 * width, 2 * width, hasBias: false);
        norm = nn.LayerNorm(4 * width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) // (pictures, side * side, width)
    {
        using var scope = NewDisposeScope();
        var (pictures, width, half) = (input.shape[0], input.shape[2], side / 2);
        var quads = input.view(pictures, half, 2, half, 2, width); // row within the four, column within the four
        var merged = quads.permute(0, 1, 3, 4, 2, 5).reshape(pictures, half * half, 4 * width); // columns outside, rows inside
        return reduction.call(norm.call(merged)).MoveToOuterDisposeScope(); // (pictures, side * side / 4, 2 width)
    }
}
