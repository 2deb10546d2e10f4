using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>The attention of AttnDownBlock2D and AttnUpBlock2D: self-attention alone, with biases, added to the feature map.</summary>
internal sealed class SelfAttention2D : SpatialAttention
{
    private readonly long heads;
    private readonly GroupNorm group_norm;
    private readonly Linear to_q, to_k, to_v;
    private readonly Sequential to_out;

    public SelfAttention2D(long channels, long headWidth, long groups, double eps)
        : base(nameof(SelfAttention2D))
    {
        heads = channels / headWidth;
        group_norm = nn.GroupNorm(groups, channels, eps);
        to_q = nn.Linear(channels, channels);
        to_k = nn.Linear(channels, channels);
        to_v = nn.Linear(channels, channels);
        to_out = nn.Sequential(("0", nn.Linear(channels, channels)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor map, CrossAttentionContext context) // (batch, channels, height, width)
    {
        using var scope = NewDisposeScope();
        var tokens = ToTokens(InferenceLayers.Normalize(group_norm, map)); // (batch, positions, channels)
        var mixed = InferenceLayers.Attend(Projected(to_q), Projected(to_k), Projected(to_v), heads); // (batch, positions, channels)
        var result = InferenceLayers.Project(to_out[0], mixed, add: ToTokens(map)); // (batch, positions, channels)
        return ToMap(result, map.shape[2], map.shape[3]).MoveToOuterDisposeScope(); // (batch, channels, height, width)

        Tensor Projected(Linear projection) => InferenceLayers.Project(projection, tokens);
    }
}
