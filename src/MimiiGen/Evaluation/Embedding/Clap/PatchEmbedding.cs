using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding.Clap;

/// <summary>A picture of 256 x 256 in patches of 4 x 4.</summary>
internal sealed class PatchEmbedding : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d proj;
    private readonly LayerNorm norm;

    public PatchEmbedding(int width)
        : base(nameof(PatchEmbedding))
    {
        proj = nn.Conv2d(1, width, 4, stride: 4);
        norm = nn.LayerNorm(width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) // (pictures, 1, 256, 256)
    {
        using var scope = NewDisposeScope();
        return norm.call(proj.call(input).flatten(2).transpose(1, 2)).MoveToOuterDisposeScope(); // (pictures, 4096, width)
    }
}
