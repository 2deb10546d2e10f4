using MimiiGen.Diffusion;
using MimiiGen.Optimization;
using MimiiGen.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Training;

public sealed class LayerWatchTests
{
    private const string Broken = "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k";

    [Fact]
    public void NamesStepAndLayerWhereNumbersAreFirstNotFinite()
    {
        using var scope = NewDisposeScope();
        using var unet = new UNet2DConditionModel(TinyNetworks.Generator.UNet);
        using (no_grad()) unet.state_dict()[Broken + ".weight"].fill_(float.NaN);
        using var optimizer = new AdamW(unet.named_parameters());

        var error = Assert.Throws<InvalidOperationException>(() => FiniteWatch.Require(41, double.NaN, double.NaN, optimizer, unet, () => Forward(unet)));

        Assert.Contains($"step 41: the output of {Broken} is not finite; weight '{Broken}.weight' is not finite", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FindsNothingInAForwardThatIsFiniteAndLeavesNoHook()
    {
        using var scope = NewDisposeScope();
        using var unet = new UNet2DConditionModel(TinyNetworks.Generator.UNet);
        Assert.Null(LayerWatch.FirstNonFinite(unet, () => Forward(unet)));
        using (no_grad()) unet.state_dict()[Broken + ".weight"].fill_(float.NaN);
        Assert.Equal(Broken, LayerWatch.FirstNonFinite(unet, () => Forward(unet)));
    }

    private static void Forward(UNet2DConditionModel unet) =>
        unet.forward(randn(1, 4, 8, 16), tensor(500), randn(1, 3, 16), null, randn(1, 32)).Dispose();
}
