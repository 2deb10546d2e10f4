using MimiiGen.Checkpoints;
using MimiiGen.Diffusion;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Diffusion;

public sealed class LowRankAdaptersTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lora").FullName;

    private string Saved => Path.Combine(folder, "pytorch_lora_weights.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void MergedUpdatesGiveTheSameAsUpdatesBesideTheWeights(bool inference)
    {
        using var scope = NewDisposeScope();
        using var mode = inference ? no_grad() : enable_grad();
        using var plain = Filled();
        using var adapted = Filled();
        using var merged = Filled();
        using var adapters = new LowRankAdapters(adapted, 3);
        GoldenFile.AssertClose(Forward(plain), Forward(adapted), 0, "an update that is new");

        Formula.Fill(adapters);
        adapters.Save(Saved);
        LowRankAdapters.Merge(merged, Saved);

        var expected = Forward(adapted);
        GoldenFile.AssertClose(expected, Forward(merged), 2e-5, "merged");
        Assert.True((expected - Forward(plain)).abs().max().ToSingle() > 0.1f);
    }

    [Fact]
    public void TheFileIsNamedAndShapedAsDiffusersHasIt()
    {
        using var scope = NewDisposeScope();
        using var unet = Filled();
        using var adapters = new LowRankAdapters(unet, 3);
        adapters.Save(Saved);
        var stored = SafeTensors.Read(Saved);

        Assert.Equal(3, stored["unet.mid_block.attentions.0.transformer_blocks.0.attn1.to_q.lora_A.weight"].shape[0]);
        Assert.Contains("unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_out.0.lora_B.weight", stored.Keys);
        Assert.Equal(adapters.parameters().Count(), stored.Count);
        Assert.DoesNotContain(unet.state_dict().Keys, name => name.Contains("lora", StringComparison.Ordinal));
    }

    [Fact]
    public void OnlyTheUpdatesGetGradients()
    {
        using var scope = NewDisposeScope();
        using var unet = Filled();
        foreach (var parameter in unet.parameters()) parameter.requires_grad_(false);
        using var adapters = new LowRankAdapters(unet, 2);
        Formula.Fill(adapters);
        Forward(unet).square().mean().backward();

        Assert.All(adapters.named_parameters(), p => Assert.True(p.parameter.grad is not null && p.parameter.grad.abs().sum().ToSingle() > 0, p.name));
        Assert.All(unet.parameters(), p => Assert.Null(p.grad));
    }

    [Fact]
    public void UpdatesOfAnotherNetworkAreRefused()
    {
        using var scope = NewDisposeScope();
        using var unet = Filled();
        SafeTensors.Write(Saved, new Dictionary<string, Tensor> { ["unet.elsewhere.to_q.lora_A.weight"] = zeros(2, 16), ["unet.elsewhere.to_q.lora_B.weight"] = zeros(16, 2) });

        var error = Assert.Throws<BadInputException>(() => LowRankAdapters.Merge(unet, Saved));

        Assert.Contains("unet.elsewhere.to_q.lora_A.weight", error.Message, StringComparison.Ordinal);
        Assert.Throws<BadInputException>(() => new LowRankAdapters(unet, 0));
    }

    private static UNet2DConditionModel Filled()
    {
        var unet = new UNet2DConditionModel(UNetConfig.Parse(GoldenFile.Json("diffusion/unet/tiny_configs.json").GetProperty("tiny_l2_lin").GetProperty("config").GetRawText()));
        Formula.Fill(unet);
        return unet;
    }

    private static Tensor Forward(UNet2DConditionModel unet) =>
        unet.forward(FormulaInput.Unit("s", 2, 16, 8, 24), tensor(new long[] { 17, 500 }), FormulaInput.Unit("t", 2, 7, 24), tensor(new long[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0 }, 2, 7));
}
