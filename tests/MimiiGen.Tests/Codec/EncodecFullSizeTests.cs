using System.Text.Json;
using MimiiGen.Codec;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Codec;

/// <summary>The published 24 kHz model at its full size, weights by formula, against transformers' and the original package's outputs.</summary>
public sealed class EncodecFullSizeTests : IClassFixture<EncodecFullSizeTests.FullModel>, IDisposable
{
    private static readonly JsonElement Json = GoldenFile.Json("encodec/full24.json");
    private static readonly Dictionary<string, Tensor> Golden = GoldenFile.Tensors("encodec/full24.safetensors");

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly IDisposable inference = no_grad();
    private readonly EncodecModel model;

    public EncodecFullSizeTests(FullModel full) => model = full.Model;

    public void Dispose()
    {
        inference.Dispose();
        scope.Dispose();
    }

    [Fact]
    public void WeightsAreTheReferences()
    {
        var state = model.state_dict();
        foreach (var check in Json.GetProperty("weights_check").EnumerateObject())
        {
            var weights = state[check.Name].to(ScalarType.Float64).flatten();
            Assert.Equal(check.Value.GetProperty("first").GetDouble(), weights[0].ToDouble());
            Assert.Equal(check.Value.GetProperty("last").GetDouble(), weights[-1].ToDouble());
            Assert.Equal(check.Value.GetProperty("sum_float64").GetDouble(), weights.sum().ToDouble(), 1e-8);
        }
    }

    [Theory]
    [InlineData("s1")]
    [InlineData("s10")]
    [InlineData("n321")]
    [InlineData("n24001")]
    [InlineData("rec")]
    public void EncoderCodesAndDecoderEqualReference(string name)
    {
        var latents = model.Encode(Input(name)); // (1, 128, frames)
        Assert.NotEqual(0, FormulaCodec.Compare(Golden, $"{name}.encoder", latents, FormulaCodec.EncoderTolerance));
        FormulaCodec.Compare(Golden, $"{name}.decoded.unquantized", model.Decode(latents), FormulaCodec.DecoderTolerance);

        var codes = model.Quantize(latents, 24); // (32, 1, frames)
        if (Golden.TryGetValue($"{name}.margin", out var margin))
        {
            var clear = margin.gt(1e-5); // (1, frames)
            Assert.True(clear.any().ToBoolean());
            Assert.False((codes.transpose(0, 1).ne(Golden[$"{name}.codes"]) & clear.unsqueeze(1)).any().ToBoolean());
        }
        else
        {
            Assert.Equal(1, FormulaCodec.Compare(Golden, $"{name}.codes", codes.transpose(0, 1), 0));
        }

        var stored = Golden.TryGetValue($"{name}.codes", out var whole) ? whole.transpose(0, 1) : codes;
        foreach (var bandwidth in model.Config.TargetBandwidths)
        {
            var label = bandwidth.ToString("0.0###");
            var quantized = model.Dequantize(stored[..model.Config.QuantizersFor(bandwidth)]);
            FormulaCodec.Compare(Golden, $"{name}.quantized.{label}", quantized, FormulaCodec.EncoderTolerance);
            if (Golden.Keys.Any(k => k.StartsWith($"{name}.decoded.{label}", StringComparison.Ordinal)))
                Assert.NotEqual(0, FormulaCodec.Compare(Golden, $"{name}.decoded.{label}", model.Decode(quantized), FormulaCodec.DecoderTolerance));
        }
    }

    [Fact]
    public void EveryLayerEqualsReference()
    {
        var compared = 0;
        var latents = LayerStack.Run(model.Encoder.Layers, Input("n321"), (i, output) => compared += FormulaCodec.Compare(Golden, $"n321.encoder.layers.{i}", output, FormulaCodec.EncoderTolerance));
        LayerStack.Run(model.Decoder.Layers, latents, (i, output) => compared += FormulaCodec.Compare(Golden, $"n321.decoder.layers.{i}", output, FormulaCodec.EncoderTolerance));
        Assert.Equal(32, compared);
    }

    [Fact]
    public void BandwidthsTakeTheReferencesCodebooks()
    {
        foreach (var (file, name) in new[] { ("full24", "s1"), ("tiny24", "s1"), ("tiny48", "t57600") })
        {
            var golden = GoldenFile.Json($"encodec/{file}.json");
            var config = EncodecConfig.Parse(golden.GetProperty("config").GetRawText());
            foreach (var count in golden.GetProperty("cases").GetProperty(name).GetProperty("nq").EnumerateObject())
                Assert.Equal(count.Value.GetInt32(), config.QuantizersFor(double.Parse(count.Name)));
        }

        Assert.Equal([2, 4, 8, 16], EncodecConfig.Published48.TargetBandwidths.Select(EncodecConfig.Published48.QuantizersFor));
        var refused = Assert.Throws<BadInputException>(() => EncodecConfig.Published48.QuantizersFor(1.5));
        Assert.Contains("3, 6, 12, 24", refused.Message, StringComparison.Ordinal);
    }

    private static Tensor Input(string name) =>
        name == "rec" ? FormulaCodec.Recording(24000) : FormulaCodec.Input(name, Json.GetProperty("cases").GetProperty(name).GetProperty("input_shape")[2].GetInt64());

    public sealed class FullModel : IDisposable
    {
        public EncodecModel Model { get; } = FormulaCodec.Of(Json);

        public void Dispose() => Model.Dispose();
    }
}
