using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>Self-attention, cross-attention to the text and a feed-forward, each after a layer normalisation and added to its input.</summary>
internal sealed class BasicTransformerBlock : nn.Module<Tensor, CrossAttentionContext, Tensor>
{
    private readonly LayerNorm norm1, norm2, norm3;
    private readonly Attention attn1, attn2;
    private readonly FeedForward ff;

    public BasicTransformerBlock(long channels, long heads, long contextChannels)
        : base(nameof(BasicTransformerBlock))
    {
        norm1 = nn.LayerNorm(channels);
        attn1 = new Attention(channels, channels, heads);
        norm2 = nn.LayerNorm(channels);
        attn2 = new Attention(channels, contextChannels, heads);
        norm3 = nn.LayerNorm(channels);
        ff = new FeedForward(channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden, CrossAttentionContext context) // (batch, positions, channels)
    {
        using var scope = NewDisposeScope();
        hidden = attn1.forward(InferenceLayers.Normalize(norm1, hidden), null, hidden); // (batch, positions, channels)
        hidden = attn2.forward(InferenceLayers.Normalize(norm2, hidden), context, hidden);
        return ff.forward(InferenceLayers.Normalize(norm3, hidden), hidden).MoveToOuterDisposeScope();
    }
}
