using System.Text.RegularExpressions;
using MimiiGen.Diffusion;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Diffusion;

public sealed class UNetPartsTests
{
    private static readonly UNetConfig Small = new()
    {
        InChannels = 16,
        OutChannels = 16,
        BlockOutChannels = [16, 32],
        DownBlockTypes = ["DownBlock2D", "CrossAttnDownBlock2D"],
        UpBlockTypes = ["CrossAttnUpBlock2D", "UpBlock2D"],
        LayersPerBlock = [1],
        NormNumGroups = 8,
        CrossAttentionDim = [24],
        AttentionHeadDim = [4],
    };

    [Fact]
    public void TimestepEmbeddingsEqualDiffusers()
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFile.Tensors("diffusion/unet/timestep_embedding.safetensors");
        foreach (var (key, expected) in golden.Where(p => p.Key.StartsWith("emb_", StringComparison.Ordinal) && !p.Key.EndsWith("_f64", StringComparison.Ordinal)))
        {
            var name = Regex.Match(key, @"dim(\d+)_flip(\d)_shift(\d)");
            var dim = int.Parse(name.Groups[1].Value);
            var times = golden[key.StartsWith("emb_float", StringComparison.Ordinal) ? "t_float" : "t"];
            var actual = TimestepEmbedding.Sinusoids(times, dim, name.Groups[2].Value == "1", int.Parse(name.Groups[3].Value));
            if (dim == 320) actual = actual.slice(1, 0, 320, 5);
            GoldenFile.AssertClose(expected, actual, dim == 320 ? 1e-4 : 2e-5, key);
        }
    }

    [Fact]
    public void ConfigIsWrittenAsItWasRead()
    {
        var config = UNetConfig.Parse("""{"_class_name":"UNet2DConditionModel","sample_size":[8,750],"in_channels":16,"attention_head_dim":[5,10,20,20],"cross_attention_dim":1024,"act_fn":"silu"}""");
        Assert.Equal([5, 10, 20, 20], config.AttentionHeadDim);
        Assert.Equal([1024], config.CrossAttentionDim);
        Assert.Equal([8, 750], config.SampleSize);
        var again = UNetConfig.Parse(config.ToJson());
        Assert.Equal(config.ToJson(), again.ToJson());
        Assert.Contains("\"act_fn\": \"silu\"", config.ToJson(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"act_fn":"gelu"}""", "act_fn \"gelu\" isn't there; only \"silu\" or \"swish\"")]
    [InlineData("""{"block_out_channels":[320,640,1280,1000]}""", "norm_num_groups 32 has to divide every entry of block_out_channels [320, 640, 1280, 1000]")]
    [InlineData("""{"attention_head_dim":7}""", "attention_head_dim 7 has to divide the 320 channels of its level (CrossAttnDownBlock2D)")]
    [InlineData("""{"down_block_types":["DownBlock2D"]}""", "block_out_channels, down_block_types and up_block_types have 4, 1 and 4 entries; give each the same number")]
    [InlineData("""{"class_embed_type":"projection"}""", "class_embed_type projection needs projection_class_embeddings_input_dim, the length of the vector")]
    [InlineData("""{"encoder_hid_dim":8}""", "unknown key 'encoder_hid_dim'; remove it if the network doesn't depend on it")]
    public void ConfigOfAnotherNetworkIsRefusedInOneLine(string json, string message) =>
        Assert.Equal($"config.json: {message}", Assert.Throws<BadInputException>(() => UNetConfig.Parse(json, "config.json")).Message);

    /// <summary>TorchSharp leaves a new GroupNorm's scale and shift uninitialised.</summary>
    [Fact]
    public void InitialNormsAreIdentity()
    {
        using var unet = new UNet2DConditionModel(Small);
        foreach (var (name, parameter) in unet.named_parameters().Where(p => p.name.Contains("norm", StringComparison.Ordinal)))
            Assert.True((parameter == (name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0)).all().ToBoolean(), name);
    }

    [Fact]
    public void GuidedUNetEqualsTwoSeparateCalls()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var unet = new UNet2DConditionModel(Small);
        Formula.Fill(unet);
        var x = FormulaInput.Unit("x", 2, 16, 8, 11);
        var (caption, empty) = (FormulaInput.Unit("caption", 2, 5, 24), FormulaInput.Unit("empty", 2, 5, 24));
        var (captionMask, emptyMask) = (tensor(new long[] { 1, 1, 1, 0, 0, 1, 1, 1, 1, 1 }, 2, 5), tensor(new long[] { 1, 0, 0, 0, 0, 1, 0, 0, 0, 0 }, 2, 5));
        using var guided = new GuidedUNet(unet, new Guidance(3, LastTimestep: 700), (caption, captionMask), (empty, emptyMask));
        foreach (var t in new[] { 900, 700, 40 })
        {
            var conditional = unet.forward(x, tensor(t), caption, captionMask);
            var unconditional = unet.forward(x, tensor(t), empty, emptyMask);
            var expected = t > 700 ? conditional : unconditional + (3 * (conditional - unconditional));
            GoldenFile.AssertClose(expected, guided.Predict(x, t), 2e-5, $"t = {t}");
        }
    }

    [Fact]
    public void ClassLabelsAreAskedForAndOnlyWhereTheNetworkTakesThem()
    {
        using var scope = NewDisposeScope();
        using var without = new UNet2DConditionModel(Small);
        using var with = new UNet2DConditionModel(Small with { ClassEmbedType = "projection", ProjectionClassEmbeddingsInputDim = 3 });
        var (x, t, text) = (zeros(1, 16, 8, 8), tensor(1), zeros(1, 2, 24));
        Assert.Throws<ArgumentException>(() => without.forward(x, t, text, null, zeros(1, 3)));
        Assert.Throws<ArgumentException>(() => with.forward(x, t, text));
    }
}
