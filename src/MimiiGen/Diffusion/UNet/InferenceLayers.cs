using MimiiGen.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>
/// The U-Net's layers with what stands around them. Without gradients on a CPU they run on kernels of our own, on images whose channels lie side by side
/// (in torch's terms: shape (batch, channels, height, width), channels last in memory); elsewhere they are torch's.
/// </summary>
internal static class InferenceLayers
{
    /// <summary>Convolution, plus an addend of the result's shape.</summary>
    public static Tensor Convolve(Conv2d layer, Tensor map, Tensor? add = null) // (batch, inputs, height, width)
    {
        if (Serves(map) && layer.GetType() == typeof(Conv2d))
            return Channels(MapConvolution.Run(Pixels(map), PackedLayers.Of(layer), (int)layer.weight!.shape[2], (int)(layer.stride?[0] ?? 1), add is null ? null : Pixels(add)));
        var result = layer.call(map); // (batch, outputs, height / stride, width / stride)
        return add is null ? result : result.add_(add);
    }

    /// <summary>SiLU of the group normalisation of a map plus an addend (batch, channels); scale and shift (batch, 2 channels) before the SiLU.</summary>
    public static Tensor NormalizeActivate(GroupNorm norm, Tensor map, Tensor? before = null, Tensor? scaleShift = null) // (batch, channels, height, width)
    {
        if (Serves(map) && map.shape[1] % MicroKernel.Panel == 0) return Normalized<SiluOf>(norm, map, before, scaleShift);
        var normed = norm.call(before is null ? map : map.add(before.unsqueeze(-1).unsqueeze(-1)));
        if (scaleShift is null) return Silu.Over(normed);
        var halves = scaleShift.unsqueeze(-1).unsqueeze(-1).chunk(2, dim: 1); // scale, shift: (batch, channels, 1, 1)
        return Silu.Over(normed.mul(1 + halves[0]).add_(halves[1])); // (batch, channels, height, width)
    }

    /// <summary>Group normalisation alone.</summary>
    public static Tensor Normalize(GroupNorm norm, Tensor map) => Serves(map) && map.shape[1] % MicroKernel.Panel == 0
        ? Normalized<Kernels.Identity>(norm, map, null, null)
        : norm.call(map);

    /// <summary>Layer normalisation of tokens (batch, positions, channels).</summary>
    public static Tensor Normalize(LayerNorm norm, Tensor tokens) => Serves(tokens) && tokens.shape[2] % MicroKernel.Panel == 0
        ? TokenNormalization.Run(tokens.contiguous(), norm.eps, norm.weight!, norm.bias!)
        : norm.call(tokens);

    /// <summary>Linear layer, plus an addend of the result's shape, which is not kept.</summary>
    public static Tensor Project(nn.IModule<Tensor, Tensor> layer, Tensor tokens, Tensor? add = null) // (batch, positions, inputs)
    {
        if (Serves(tokens) && layer.GetType() == typeof(Linear)) return TokenProduct.Run(tokens.contiguous(), PackedLayers.Of((Linear)layer), add?.contiguous());
        var result = layer.call(tokens); // (batch, positions, outputs)
        return add is null ? result : result.add_(add);
    }

    /// <summary>Multi-head attention of queries (batch, positions, channels) to keys and values (batch, tokens, channels).</summary>
    /// <param name="queries">(batch, positions, channels).</param>
    /// <param name="keys">(batch, tokens, channels).</param>
    /// <param name="values">(batch, tokens, channels).</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="bias">Added to the scores (batch, 1, 1, tokens); null: nothing.</param>
    /// <returns>(batch, positions, channels).</returns>
    public static Tensor Attend(Tensor queries, Tensor keys, Tensor values, long heads, Tensor? bias = null)
    {
        if (Serves(queries) && keys.shape[0] == queries.shape[0] && (bias is null || bias.shape[0] == queries.shape[0]))
            return TokenAttention.Run(queries.contiguous(), keys.contiguous(), values.contiguous(), (int)heads, Numbers(bias));
        return nn.functional.scaled_dot_product_attention(Split(queries), Split(keys), Split(values), bias).transpose(1, 2).flatten(2);

        Tensor Split(Tensor x) => x.unflatten(2, [heads, -1]).transpose(1, 2); // (batch, heads, tokens, head width)
    }

    /// <summary>Feed-forward with a GEGLU: value * GELU(gate), the first half of the projection is the value; plus an addend.</summary>
    public static Tensor FeedForward(nn.IModule<Tensor, Tensor> up, nn.IModule<Tensor, Tensor> down, Tensor tokens, Tensor add) // (batch, positions, channels)
    {
        if (Serves(tokens) && up.GetType() == typeof(Linear) && down.GetType() == typeof(Linear) && ((Linear)down).weight!.shape[1] % MicroKernel.Panel == 0)
            return GatedFeedForward.Run(tokens.contiguous(), PackedLayers.Of((Linear)up), PackedLayers.Of((Linear)down), add.contiguous());
        var halves = up.call(tokens).chunk(2, dim: -1); // 2 x (batch, positions, width)
        return down.call(nn.functional.gelu(halves[1]).mul_(halves[0])).add_(add); // (batch, positions, channels)
    }

    /// <summary>Two maps' channels side by side.</summary>
    public static Tensor Join(Tensor first, Tensor second) => Serves(first) ? Channels(MapCopies.Join(Pixels(first), Pixels(second))) : cat([first, second], 1);

    /// <summary>Nearest-neighbour interpolation.</summary>
    public static Tensor Enlarge(Tensor map, long height, long width) => Serves(map)
        ? Channels(MapCopies.Enlarge(Pixels(map), height, width))
        : nn.functional.interpolate(map, [height, width], mode: InterpolationMode.Nearest);

    private static bool Serves(Tensor input) => !is_grad_enabled() && MicroKernel.Serves(input);

    private static Tensor Normalized<TActivation>(GroupNorm norm, Tensor map, Tensor? before, Tensor? scaleShift)
        where TActivation : struct, IActivation
    {
        var pixels = Pixels(map); // (batch, height, width, channels)
        var result = MapNormalization.Run<TActivation>(
            pixels.flatten(1, 2), (int)norm.num_groups, norm.eps, Numbers(norm.weight), Numbers(norm.bias), Numbers(before), Numbers(scaleShift));
        return Channels(result.view(pixels.shape));
    }

    private static Tensor Pixels(Tensor map) => map.permute(0, 2, 3, 1).contiguous(); // no copy where the channels are last in memory

    private static Tensor Channels(Tensor pixels) => pixels.permute(0, 3, 1, 2);

    private static float[] Numbers(Tensor? values) => values is null ? [] : values.contiguous().data<float>().ToArray();
}
