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
        var tokens = ToTokens(group_norm.forward(map)); // (batch, positions, channels)
        var mixed = nn.functional.scaled_dot_product_attention(Heads(to_q), Heads(to_k), Heads(to_v)); // (batch, heads, positions, head width)
        var change = to_out.forward(mixed.transpose(1, 2).flatten(2)); // (batch, positions, channels)
        return map.add(ToMap(change, map.shape[2], map.shape[3])).MoveToOuterDisposeScope(); // (batch, channels, height, width)

        Tensor Heads(Linear projection) => projection.forward(tokens).unflatten(2, [heads, -1]).transpose(1, 2);
    }
}
