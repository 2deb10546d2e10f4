using MimiiGen.Codec;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Codec;

/// <summary>The prepared layers against the layers themselves, over several blocks.</summary>
public sealed class BlockwiseTests
{
    private const double Tolerance = 2e-5;

    private static readonly Dictionary<string, EncodecConfig> Configs = new()
    {
        ["published, narrow"] = new() { NumFilters = 8 },
        ["lapped"] = EncodecConfig.Lapped,
        ["several residual layers, no shortcut"] = new() { NumFilters = 4, NumLstmLayers = 1, UseConvShortcut = false, NumResidualLayers = 3, UpsamplingRatios = [5, 3, 2, 2], Compress = 1, HiddenSize = 24 },
        ["zero padding, stereo"] = new() { NumFilters = 12, NumLstmLayers = 0, UseCausalConv = false, PadMode = "constant", AudioChannels = 2, UpsamplingRatios = [4, 4], LastKernelSize = 5 },
        ["cut from both ends"] = new() { NumFilters = 8, NumLstmLayers = 0, TrimRightRatio = 0.5, KernelSize = 3 },
    };

    public static TheoryData<string> Names => [.. Configs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void BlockByBlockEqualsTheWhole(string name)
    {
        var config = Configs[name];
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = new EncodecModel(config);
        Formula.Fill(model);
        foreach (var samples in new[] { 48000L, 20001 })
        {
            var waveform = 0.5 * Formula.Tensor("waveform", 2, config.AudioChannels, samples);
            var latents = LayerStack.Run(model.Encoder.Layers, waveform);
            GoldenFile.AssertClose(latents, model.Encode(waveform), Tolerance, "latents");
            GoldenFile.AssertClose(LayerStack.Run(model.Decoder.Layers, latents), model.Decode(latents), Tolerance, "waveform");
        }
    }

    [Fact]
    public void ChangedWeightsAreSeen()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = new EncodecModel(EncodecConfig.Lapped);
        Formula.Fill(model);
        var latents = Formula.Tensor("latents", 1, 128, 40);
        var before = model.Decode(latents);
        foreach (var parameter in model.parameters()) parameter.mul_(1.01);
        Assert.True((model.Decode(latents) - before).abs().max().ToDouble() > 1e-4);
    }
}
