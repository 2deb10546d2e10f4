using MimiiGen.Diffusion;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Diffusion;

public sealed class UNetFullSizeTests
{
    [Theory]
    [InlineData("small8m_16ch_8x750")]
    [InlineData("small8m_noattn0_16ch_8x750")]
    public void ForwardOfATrainableSizeEqualsDiffusers(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var model = GoldenFile.Json("diffusion/unet/full_models.json").GetProperty(name);
        using var unet = new UNet2DConditionModel(UNetConfig.Parse(model.GetProperty("config").GetRawText()));
        Assert.Equal(model.GetProperty("parameters").GetInt64(), unet.parameters().Sum(p => p.numel()));
        Formula.Fill(unet);
        var mask = (arange(32) < 20).to(ScalarType.Int64).unsqueeze(0);
        var output = unet.forward(
            FormulaInput.Unit("input.sample.full", 1, 16, 8, 750), tensor(321), FormulaInput.Unit("input.text.full", 1, 32, 1024), mask);
        GoldenFile.AssertClose(
            GoldenFile.Tensors("diffusion/unet/full_forward.safetensors")[$"{name}.out_every_15th_column"], output.slice(3, 0, 750, 15), 2e-5, name);
    }
}
