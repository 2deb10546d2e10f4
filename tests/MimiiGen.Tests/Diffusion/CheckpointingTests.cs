using MimiiGen.Diffusion;
using MimiiGen.Tests.Golden;
using MimiiGen.Tests.Training;
using MimiiGen.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Diffusion;

/// <summary>A training that computes activations twice has the gradients of one that keeps them.</summary>
public sealed class CheckpointingTests
{
    [Theory]
    [InlineData("tiny_l1_conv")]
    [InlineData("tiny_l2_lin")]
    public void PredictionAndGradientsAreThoseOfATrainingWithout(string name)
    {
        using var scope = NewDisposeScope();
        var config = UNetConfig.Parse(GoldenFile.Json("diffusion/unet/tiny_configs.json").GetProperty(name).GetProperty("config").GetRawText());
        using var unet = new UNet2DConditionModel(config);
        Formula.Fill(unet);
        unet.to(ScalarType.Float64); // gradients of skips are summed in another order, which single precision shows in the seventh digit
        var text = FormulaInput.Unit("checkpointing.text", 2, 7, config.CrossAttentionDim[0]).to(ScalarType.Float64).requires_grad_();
        var (kept, expected) = Gradients(unet, text);
        unet.Checkpointing = true;
        var (recomputed, actual) = Gradients(unet, text);

        Assert.True(kept.eq(recomputed).all().ToBoolean());
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected, p => Assert.True((actual[p.Key] - p.Value).norm().ToDouble() <= 1e-13 * p.Value.norm().ToDouble(), p.Key));
    }

    [Fact]
    public void UpdatesAloneLearnThoughTheNetworkTheyAreInStays()
    {
        using var scope = NewDisposeScope();
        using var unet = new UNet2DConditionModel(TinyNetworks.Generator.UNet);
        Formula.Fill(unet);
        foreach (var parameter in unet.parameters()) parameter.requires_grad_(false);
        using var adapters = new LowRankAdapters(unet, 2);
        Formula.Fill(adapters);
        unet.Checkpointing = true;
        var levels = FormulaInput.Unit("checkpointing.levels", 2, 32);

        unet.forward(FormulaInput.Unit("checkpointing.map", 2, 4, 8, 11), tensor(500f), FormulaInput.Unit("checkpointing.text", 2, 7, 16), classLabels: levels).square().mean().backward();

        Assert.All(adapters.named_parameters(), p => Assert.True(p.parameter.grad is { } grad && grad.norm().ToDouble() > 0, p.name));
    }

    [Fact]
    public void NoTensorIsLeftBehindByAStep()
    {
        using var unet = new UNet2DConditionModel(TinyNetworks.Generator.UNet) { Checkpointing = true };
        var live = new List<long>();
        for (var step = 0; step < 4; step++)
        {
            using (var scope = NewDisposeScope())
                unet.forward(zeros(1, 4, 8, 11), tensor(500f), ones(1, 3, 16), classLabels: zeros(1, 32)).square().mean().backward();
            live.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        Assert.Equal(live[1], live[3]);
    }

    private static (Tensor Output, Dictionary<string, Tensor> Gradients) Gradients(UNet2DConditionModel unet, Tensor text)
    {
        var output = unet.forward(FormulaInput.Unit("checkpointing.map", 2, unet.Config.InChannels, 8, 19).to(text.dtype), tensor([10f, 700f]), text, tensor(new long[,] { { 1, 1, 1, 1, 1, 1, 1 }, { 1, 1, 1, 0, 0, 0, 0 } }));
        output.square().mean().backward();
        var gradients = unet.named_parameters().Where(p => p.parameter.grad is not null).ToDictionary(p => p.name, p => p.parameter.grad!.clone());
        gradients["text"] = text.grad!.clone();
        foreach (var parameter in unet.parameters().Append(text)) parameter.grad?.zero_();
        return (output.detach().clone(), gradients);
    }
}
