using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>Attention over all positions of a feature map, as it follows a resnet of a level that has one.</summary>
internal abstract class SpatialAttention(string name) : nn.Module<Tensor, CrossAttentionContext, Tensor>(name)
{
    /// <summary>(batch, channels, height, width) -> (batch, height * width, channels).</summary>
    protected static Tensor ToTokens(Tensor map) => map.permute(0, 2, 3, 1).flatten(1, 2);

    /// <summary>(batch, height * width, channels) -> (batch, channels, height, width).</summary>
    protected static Tensor ToMap(Tensor tokens, long height, long width) => tokens.unflatten(1, [height, width]).permute(0, 3, 1, 2);
}
