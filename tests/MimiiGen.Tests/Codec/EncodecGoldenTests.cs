using System.Text.Json;
using MimiiGen.Codec;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Codec;

/// <summary>The 24 kHz architecture in small, weights by formula, against transformers' and the original package's outputs.</summary>
public sealed class EncodecGoldenTests : IDisposable
{
    private const double OneUnitInTheLastPlace = 1.2e-7; // of values of 1 to 2
    private static readonly double[] Bandwidths = [1.5, 3, 6, 12, 24];

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly IDisposable inference = no_grad();
    private readonly JsonElement golden = GoldenFile.Json("encodec/tiny24.json");
    private readonly Dictionary<string, Tensor> tensors = GoldenFile.Tensors("encodec/tiny24.safetensors");
    private readonly EncodecModel model;

    public EncodecGoldenTests()
    {
        model = FormulaCodec.Of(golden);
    }

    public static TheoryData<string> Cases => ["s1", "s10", "n24001", "n23999", "n321", "n7", "batch2", "rec"];

    public void Dispose()
    {
        inference.Dispose();
        model.Dispose();
        scope.Dispose();
    }

    [Fact]
    public void PublishedNamesAreTheModelsNames()
    {
        var published = golden.GetProperty("tensors").EnumerateArray().Select(row => row[0].GetString()!)
            .Where(name => !name.EndsWith("inited", StringComparison.Ordinal) && !name.EndsWith("cluster_size", StringComparison.Ordinal) && !name.EndsWith("embed_avg", StringComparison.Ordinal));
        Assert.Equal(published.Order(StringComparer.Ordinal), model.state_dict().Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EncoderEqualsReference(string name)
    {
        var latents = model.Encode(Input(name));
        Assert.NotEqual(0, FormulaCodec.Compare(tensors, $"{name}.encoder", latents, FormulaCodec.EncoderTolerance));
        FormulaCodec.Compare(tensors, $"{name}.decoded.unquantized", model.Decode(latents), FormulaCodec.DecoderTolerance);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void CodesEqualReferenceWhereTheMarginAllows(string name)
    {
        if (!tensors.ContainsKey($"{name}.margin")) return;
        var codes = model.Quantize(model.Encode(Input(name)), 24).transpose(0, 1); // (batch, codebooks, frames)
        var clear = tensors[$"{name}.margin"].gt(1e-5).unsqueeze(1); // (batch, 1, frames)
        Assert.True(clear.any().ToBoolean());
        Assert.False((codes.ne(tensors[$"{name}.codes"]) & clear).any().ToBoolean());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void DecoderEqualsReferenceAtEveryBandwidth(string name)
    {
        var compared = 0;
        foreach (var bandwidth in Bandwidths)
        {
            var codes = tensors[$"{name}.codes"].transpose(0, 1)[..model.Config.QuantizersFor(bandwidth)];
            var latents = model.Dequantize(codes);
            var label = bandwidth.ToString("0.0###");
            compared += FormulaCodec.Compare(tensors, $"{name}.quantized.{label}", latents, FormulaCodec.EncoderTolerance);
            compared += FormulaCodec.Compare(tensors, $"{name}.decoded.{label}", model.Decode(latents), FormulaCodec.DecoderTolerance);
        }

        Assert.NotEqual(0, compared);
    }

    [Fact]
    public void RecordingIsTheReferences() =>
        GoldenFile.AssertClose(tensors["rec.input.first16"], FormulaCodec.Recording(24000)[0, 0, ..16], 0, "rec.input");

    [Theory]
    [InlineData("n321")]
    [InlineData("n7")]
    public void EveryLayerEqualsReference(string name)
    {
        var latents = LayerStack.Run(model.Encoder.Layers, Input(name), (i, output) => FormulaCodec.Compare(tensors, $"{name}.encoder.layers.{i}", output, FormulaCodec.EncoderTolerance));
        LayerStack.Run(model.Decoder.Layers, latents, (i, output) => FormulaCodec.Compare(tensors, $"{name}.decoder.layers.{i}", output, FormulaCodec.EncoderTolerance));
        Assert.Contains($"{name}.encoder.layers.0", tensors.Keys);
    }

    [Fact]
    public void FoldedKernelsEqualReference()
    {
        GoldenFile.AssertClose(tensors["effective.encoder.layers.0.conv.weight"], ((EncodecConv1d)model.Encoder.Layers[0]).Kernel.Effective(), OneUnitInTheLastPlace, "encoder.layers.0");
        GoldenFile.AssertClose(tensors["effective.encoder.layers.3.conv.weight"], ((EncodecConv1d)model.Encoder.Layers[3]).Kernel.Effective(), OneUnitInTheLastPlace, "encoder.layers.3");
        GoldenFile.AssertClose(tensors["effective.decoder.layers.3.conv.weight"], ((EncodecConvTranspose1d)model.Decoder.Layers[3]).Kernel.Effective(), OneUnitInTheLastPlace, "decoder.layers.3");
        foreach (var name in new[] { "quantizer.layers.0.codebook.embed", "quantizer.layers.52.codebook.embed" })
            GoldenFile.AssertClose(tensors[$"effective.{name}"], model.state_dict()[name], 1e-7, name);
    }

    private Tensor Input(string name) => name switch
    {
        "batch2" => stack([8 * Formula.Tensor("input.batch2.0", 4800), 8 * Formula.Tensor("input.batch2.1", 4800)]).unsqueeze(1),
        "rec" => FormulaCodec.Recording(24000),
        _ => FormulaCodec.Input(name, golden.GetProperty("cases").GetProperty(name).GetProperty("input_shape")[2].GetInt64()),
    };
}
