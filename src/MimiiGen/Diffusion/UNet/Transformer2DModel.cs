using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>Transformer blocks between two projections, on the positions of a feature map, added to it.</summary>
internal sealed class Transformer2DModel : SpatialAttention
{
    private readonly GroupNorm norm;
    private readonly nn.Module<Tensor, Tensor> proj_in, proj_out;
    private readonly ModuleList<BasicTransformerBlock> transformer_blocks;

    public Transformer2DModel(long channels, long heads, long contextChannels, int layers, long groups, bool linear)
        : base(nameof(Transformer2DModel))
    {
        norm = nn.GroupNorm(groups, channels, eps: 1e-6); // 1e-6 here, whatever norm_eps is
        proj_in = Projection();
        transformer_blocks = new([.. Enumerable.Range(0, layers).Select(_ => new BasicTransformerBlock(channels, heads, contextChannels))]);
        proj_out = Projection();
        RegisterComponents();

        nn.Module<Tensor, Tensor> Projection() => linear ? nn.Linear(channels, channels) : nn.Conv2d(channels, channels, 1L);
    }

    public override Tensor forward(Tensor map, CrossAttentionContext context) // (batch, channels, height, width)
    {
        using var scope = NewDisposeScope();
        var normed = InferenceLayers.Normalize(norm, map); // (batch, channels, height, width)
        var tokens = proj_in is Conv2d first ? ToTokens(InferenceLayers.Convolve(first, normed)) : InferenceLayers.Project(proj_in, ToTokens(normed)); // (batch, positions, channels)
        foreach (var block in transformer_blocks) tokens = block.forward(tokens, context);
        var (height, width) = (map.shape[2], map.shape[3]);
        var result = proj_out is Conv2d last
            ? InferenceLayers.Convolve(last, ToMap(tokens, height, width), add: map)
            : ToMap(InferenceLayers.Project(proj_out, tokens, add: ToTokens(map)), height, width); // (batch, channels, height, width)
        return result.MoveToOuterDisposeScope();
    }
}
