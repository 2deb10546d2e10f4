using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding.Clap;

/// <summary>HTS-AT (Chen et al. 2022, arXiv 2202.00874), the sound tower of CLAP: a Swin transformer on log-mel pictures of 10 s.</summary>
internal sealed class HtsatEncoder : nn.Module<Tensor, Tensor>
{
    private const int Side = 64; // patches along a side of the picture
    private const int Folds = 4; // pieces of time that lie one above the other in the picture

    private readonly PatchEmbedding patch_embed;
    private readonly ModuleList<SwinStage> layers;
    private readonly BatchNorm2d batch_norm;
    private readonly LayerNorm norm;

    public HtsatEncoder(ClapConfig config)
        : base(nameof(HtsatEncoder))
    {
        patch_embed = new PatchEmbedding(config.Width);
        layers = new ModuleList<SwinStage>([.. config.Depths.Select((depth, i) => new SwinStage(config.Width << i, Side >> i, depth, config.Heads[i], last: i == config.Depths.Count - 1))]);
        batch_norm = nn.BatchNorm2d(64);
        norm = nn.LayerNorm(config.LastWidth);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) // (clips, 1, 1001, 64)
    {
        using var scope = NewDisposeScope();
        var x = patch_embed.call(Picture(input)); // (clips, 4096, width)
        foreach (var layer in layers) x = layer.call(x); // (clips, 64, 8 width) in the end
        return norm.call(x).mean([1L]).MoveToOuterDisposeScope(); // (clips, 8 width)
    }

    /// <summary>Bands normalised, frames stretched to 1024, and those folded in four: (clips, 1, 256, 256).</summary>
    internal Tensor Picture(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = batch_norm.call(input.transpose(1, 3)).transpose(1, 3); // (clips, 1, 1001, 64)
        x = nn.functional.interpolate(x, size: [1024, 64], mode: InterpolationMode.Bicubic, align_corners: true); // (clips, 1, 1024, 64)
        x = x.reshape(x.shape[0], Folds, 256, 64).permute(0, 1, 3, 2); // (clips, 4, 64, 256)
        return x.reshape(x.shape[0], 1, 256, 256).MoveToOuterDisposeScope();
    }
}
