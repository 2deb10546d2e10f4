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
    private readonly bool linear;

    public Transformer2DModel(long channels, long heads, long contextChannels, int layers, long groups, bool linear)
        : base(nameof(Transformer2DModel))
    {
        this.linear = linear;
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
        var normed = norm.forward(map); // (batch, channels, height, width)
        var tokens = linear ? proj_in.forward(ToTokens(normed)) : ToTokens(proj_in.forward(normed)); // (batch, positions, channels)
        foreach (var block in transformer_blocks) tokens = block.forward(tokens, context);
        var change = linear
            ? ToMap(proj_out.forward(tokens), map.shape[2], map.shape[3])
            : proj_out.forward(ToMap(tokens, map.shape[2], map.shape[3])); // (batch, channels, height, width)
        return map.add(change).MoveToOuterDisposeScope();
    }
}
