using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding.Clap;

/// <summary>Blocks at one resolution, and the merging of patches behind all stages but the last.</summary>
internal sealed class SwinStage : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<SwinBlock> blocks;
    private readonly PatchMerging? downsample;

    public SwinStage(int width, int side, int depth, int heads, bool last)
        : base(nameof(SwinStage))
    {
        blocks = new ModuleList<SwinBlock>([.. Enumerable.Range(0, depth).Select(i => new SwinBlock(width, side, heads, shifted: i % 2 == 1))]);
        downsample = last ? null : new PatchMerging(width, side);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) // (pictures, side * side, width)
    {
        using var scope = NewDisposeScope();
        var x = input;
        foreach (var block in blocks) x = block.call(x);
        if (downsample is not null) x = downsample.call(x); // (pictures, side * side / 4, 2 width)
        return x.MoveToOuterDisposeScope();
    }
}
