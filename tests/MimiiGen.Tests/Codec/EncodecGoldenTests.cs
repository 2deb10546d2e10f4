using System.Text.Json;
using MimiiGen.Codec;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Codec;

/// <summary>The 24 kHz architecture in small, weights by formula, against transformers' and the original package's outputs.</summary>
public sealed class EncodecGoldenTests : IDisposable
{
    private const double EncoderTolerance = 2e-5;
    private const double DecoderTolerance = 1e-5;
    private static readonly double[] Bandwidths = [1.5, 3, 6, 12, 24];

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly IDisposable inference = no_grad();
    private readonly JsonElement golden = GoldenFile.Json("encodec/tiny24.json");
    private readonly Dictionary<string, Tensor> tensors = GoldenFile.Tensors("encodec/tiny24.safetensors");
    private readonly EncodecModel model;

    public EncodecGoldenTests()
    {
        model = new EncodecModel(EncodecConfig.Parse(golden.GetProperty("config").GetRawText()));
        Formula.Fill(model);
        var scales = golden.GetProperty("codebook_scale").EnumerateArray().Select(s => s.GetDouble()).ToArray();
        for (var i = 0; i < model.Quantizer.Count; i++)
            model.Quantizer.Entries(i).copy_((Formula.Tensor($"quantizer.layers.{i}.codebook.embed", 64, 16).to(ScalarType.Float64) * scales[i]).to(ScalarType.Float32));
    }

    public static TheoryData<string> Cases => ["s1", "s10", "n24001", "n23999", "n321", "n7", "batch2"];

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
        CompareStored($"{name}.encoder", latents, EncoderTolerance);
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
        foreach (var bandwidth in Bandwidths)
        {
            var codes = tensors[$"{name}.codes"].transpose(0, 1)[..model.Config.QuantizersFor(bandwidth)];
            var latents = model.Dequantize(codes);
            var label = bandwidth.ToString("0.0###");
            CompareStored($"{name}.quantized.{label}", latents, EncoderTolerance);
            CompareStored($"{name}.decoded.{label}", model.Decode(latents), DecoderTolerance);
        }
    }

    [Theory]
    [InlineData("n321")]
    [InlineData("n7")]
    public void EveryLayerEqualsReference(string name)
    {
        var latents = LayerStack.Run(model.Encoder.Layers, Input(name), (i, output) => CompareStored($"{name}.encoder.layers.{i}", output, EncoderTolerance));
        LayerStack.Run(model.Decoder.Layers, latents, (i, output) => CompareStored($"{name}.decoder.layers.{i}", output, EncoderTolerance));
        Assert.Contains($"{name}.encoder.layers.0", tensors.Keys);
    }

    [Fact]
    public void FoldedKernelsEqualReference()
    {
        model.Decode(zeros(1, 16, 2));
        foreach (var name in new[] { "quantizer.layers.0.codebook.embed", "quantizer.layers.52.codebook.embed" })
            GoldenFile.AssertClose(tensors[$"effective.{name}"], model.state_dict()[name], 1e-7, name);
    }

    private Tensor Input(string name) => name switch
    {
        "batch2" => stack([8 * Formula.Tensor("input.batch2.0", 4800), 8 * Formula.Tensor("input.batch2.1", 4800)]).unsqueeze(1),
        _ => 8 * Formula.Tensor($"input.{name}", golden.GetProperty("cases").GetProperty(name).GetProperty("input_shape")[2].GetInt64()).reshape(1, 1, -1),
    };

    /// <summary>Compares with the stored tensor of that name, or with its stored parts (every K-th, first and last N).</summary>
    private void CompareStored(string name, Tensor actual, double tolerance)
    {
        foreach (var (key, expected) in tensors.Where(t => t.Key == name || t.Key.StartsWith(name + ".every", StringComparison.Ordinal) || t.Key.StartsWith(name + ".first", StringComparison.Ordinal) || t.Key.StartsWith(name + ".last", StringComparison.Ordinal)))
        {
            var part = key[name.Length..];
            var seen = part switch
            {
                "" => actual,
                _ when part.StartsWith(".every", StringComparison.Ordinal) => actual[.., .., TensorIndex.Slice(null, null, long.Parse(part[6..]))],
                _ when part.StartsWith(".first", StringComparison.Ordinal) => actual[.., .., ..int.Parse(part[6..])],
                _ => actual[.., .., ^int.Parse(part[5..])..],
            };
            GoldenFile.AssertClose(expected, seen, tolerance, key);
        }
    }
}
