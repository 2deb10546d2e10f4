using System.Runtime.Intrinsics;
using MimiiGen.Kernels;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MimiiGen.Tests.Kernels;

/// <summary>Each kernel against torch's layer, at sizes that fill no tile.</summary>
public sealed class KernelsTests : IDisposable
{
    private const double Tolerance = 1e-5;

    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData(3, 1, 5, 29, 7, 19)]
    [InlineData(3, 2, 7, 31, 16, 33)]
    [InlineData(3, 1, 1, 2, 3, 1)]
    [InlineData(1, 1, 4, 13, 48, 50)]
    public void ConvolutionEqualsTorch(int side, int stride, int height, int width, int inputs, int outputs)
    {
        var (map, weight, bias) = (Formula.Tensor("map", 2, inputs, height, width), Formula.Tensor("weight", outputs, inputs, side, side), Formula.Tensor("bias", outputs));
        var expected = F.conv2d(map, weight, bias, strides: [stride, stride], padding: [side / 2, side / 2]);
        var add = Formula.Tensor("add", [.. expected.shape]);
        var matrix = new PackedMatrix(weight.permute(0, 2, 3, 1).flatten(1), bias);
        var actual = MapConvolution.Run(Pixels(map), matrix, side, stride, Pixels(add)).permute(0, 3, 1, 2);
        GoldenFile.AssertClose(expected + add, actual, Tolerance, "convolution");
    }

    [Theory]
    [InlineData(3, 5, 8, 2, false)]
    [InlineData(50, 33, 24, 4, true)]
    [InlineData(25, 64, 40, 1, true)]
    [InlineData(70, 301, 24, 2, false)]
    [InlineData(33, 193, 30, 1, true)]
    public void AttentionEqualsTorch(int positions, int tokens, int width, int heads, bool masked)
    {
        var channels = heads * width;
        var (q, k, v) = (5 * Formula.Tensor("q", 2, positions, channels), 5 * Formula.Tensor("k", 2, tokens, channels), Formula.Tensor("v", 2, tokens, channels));
        var bias = (Formula.Tensor("bias", 2, tokens) > 0).to(ScalarType.Float32) * -10000;
        var expected = F.scaled_dot_product_attention(Split(q), Split(k), Split(v), masked ? bias.view(2, 1, 1, tokens) : null).transpose(1, 2).flatten(2);
        GoldenFile.AssertClose(expected, TokenAttention.Run(q, k, v, heads, masked ? bias.data<float>().ToArray() : []), Tolerance, "attention");

        Tensor Split(Tensor x) => x.unflatten(2, [heads, -1]).transpose(1, 2);
    }

    [Fact]
    public void AttentionForgetsKeysThatLaterOnesOutweigh()
    {
        var (q, k, v) = (Formula.Tensor("q", 1, 35, 24), Formula.Tensor("k", 1, 250, 24), Formula.Tensor("v", 1, 250, 24));
        var bias = zeros(1, 250);
        bias.narrow(1, 0, 150).fill_(-10000);
        var expected = F.scaled_dot_product_attention(q, k.narrow(1, 150, 100), v.narrow(1, 150, 100));
        GoldenFile.AssertClose(expected, TokenAttention.Run(q, k, v, 1, Numbers(bias)), Tolerance, "attention to the last hundred keys");
    }

    [Fact]
    public void PowersOfTwoAreExactToTheirLastBits()
    {
        for (var x = -63.99f; x <= 0; x += 0.0173f)
            Assert.InRange(VectorFunctions.PowerOfTwo(Vector512.Create(x))[0] / Math.Pow(2, x), 1 - 3e-7, 1 + 3e-7);
        Assert.Equal(1, VectorFunctions.PowerOfTwo(Vector512<float>.Zero)[0], 2e-7f);
        Assert.Equal(0, VectorFunctions.PowerOfTwo(Vector512.Create(-1e30f))[0]);
    }

    [Fact]
    public void NormalizationsEqualTorch()
    {
        var (map, gain, shift, time) = (3 + Formula.Tensor("map", 2, 48, 5, 61), Formula.Tensor("weight", 48), Formula.Tensor("bias", 48), Formula.Tensor("time", 2, 48));
        var expected = F.silu(F.group_norm(map + time.view(2, 48, 1, 1), 4, gain, shift, 1e-5));
        var actual = MapNormalization.Run<SiluOf>(Pixels(map).flatten(1, 2), 4, 1e-5, Numbers(gain), Numbers(shift), Numbers(time), []);
        GoldenFile.AssertClose(Pixels(expected).flatten(1, 2), actual, Tolerance, "group normalisation");
        var tokens = Formula.Tensor("tokens", 2, 7, 48);
        GoldenFile.AssertClose(F.layer_norm(tokens, [48], gain, shift, 1e-5), TokenNormalization.Run(tokens, 1e-5, gain, shift), Tolerance, "layer normalisation");
    }

    [Fact]
    public void FeedForwardEqualsTorch()
    {
        var (tokens, up, down) = (4 * Formula.Tensor("tokens", 2, 53, 16), Formula.Tensor("up.weight", 128, 16), Formula.Tensor("down.weight", 16, 64));
        var (upBias, downBias) = (Formula.Tensor("up.bias", 128), Formula.Tensor("down.bias", 16));
        var halves = F.linear(tokens, up, upBias).chunk(2, -1);
        var expected = F.linear(halves[0] * F.gelu(halves[1]), down, downBias) + tokens;
        GoldenFile.AssertClose(expected, GatedFeedForward.Run(tokens, new PackedMatrix(up, upBias), new PackedMatrix(down, downBias), tokens), Tolerance, "feed-forward");
    }

    [Fact]
    public void CopiesEqualTorch()
    {
        var (first, second) = (Formula.Tensor("first", 2, 3, 4, 6), Formula.Tensor("second", 2, 5, 4, 6));
        GoldenFile.AssertClose(Pixels(cat([first, second], 1)), MapCopies.Join(Pixels(first), Pixels(second)), 0, "joined");
        GoldenFile.AssertClose(Pixels(F.interpolate(first, [7, 12], mode: InterpolationMode.Nearest)), MapCopies.Enlarge(Pixels(first), 7, 12), 0, "enlarged");
    }

    private static Tensor Pixels(Tensor map) => map.permute(0, 2, 3, 1).contiguous();

    private static float[] Numbers(Tensor values) => values.data<float>().ToArray();
}
