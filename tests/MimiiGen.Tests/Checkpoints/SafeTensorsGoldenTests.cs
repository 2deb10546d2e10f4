using System.Text.Json;
using MimiiGen.Checkpoints;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Checkpoints;

/// <summary>The reference package's verdicts on valid, odd and malformed files, and its tensors.</summary>
public sealed class SafeTensorsGoldenTests
{
    public static TheoryData<string> Odd => [.. GoldenFile.Json("checkpoints/safetensors-bad.json").EnumerateObject().Select(p => p.Name)];

    public static TheoryData<string> Valid => [.. GoldenFile.Json("checkpoints/safetensors.json").EnumerateObject().Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Odd))]
    public void VerdictIsThatOfTheReference(string name)
    {
        using var scope = NewDisposeScope();
        var verdict = GoldenFile.Json("checkpoints/safetensors-bad.json").GetProperty(name);
        var path = GoldenFile.PathOf($"checkpoints/safetensors-bad/{name}.safetensors");
        if (verdict.GetProperty("safe_open").GetString() == "refused")
        {
            var message = Assert.Throws<BadInputException>(() => SafeTensors.Read(path)).Message;
            Assert.StartsWith(path, message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
            return;
        }

        var tensors = SafeTensors.Read(path);
        var expected = verdict.GetProperty("tensors");
        Assert.Equal(expected.EnumerateObject().Select(p => p.Name).Order(), tensors.Keys.Order());
        foreach (var tensor in expected.EnumerateObject()) AssertValues(tensor.Value, tensors[tensor.Name], tensor.Name);
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public void EveryTypeIsReadToTheBit(string name)
    {
        using var scope = NewDisposeScope();
        var expected = GoldenFile.Json("checkpoints/safetensors.json").GetProperty(name);
        var path = GoldenFile.PathOf($"checkpoints/safetensors/{name}.safetensors");

        var tensors = SafeTensors.Read(path);

        Assert.Equal(expected.GetProperty("tensors").EnumerateObject().Select(p => p.Name).Order(), tensors.Keys.Order());
        foreach (var tensor in expected.GetProperty("tensors").EnumerateObject())
        {
            var read = tensors[tensor.Name];
            var dtype = tensor.Value.GetProperty("dtype").GetString()!;
            if (dtype is "U16" or "U32" || dtype.StartsWith("F8", StringComparison.Ordinal)) AssertValues(tensor.Value, read, tensor.Name);
            else Assert.Equal(tensor.Value.GetProperty("hex").GetString(), Convert.ToHexStringLower(read.bytes));
            Assert.Equal(Shape(tensor.Value), read.shape);
        }

        var metadata = expected.GetProperty("metadata").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!);
        Assert.Equal(metadata, SafeTensors.ReadMetadata(path).ToDictionary());
    }

    [Theory]
    [InlineData("safetensors/model.safetensors.index.json", "decoder.w,encoder.w,lm_head.weight,shared.weight")]
    [InlineData("safetensors-bad/index-ok.json", "a")]
    public void ShardsAreReadByTheirIndex(string index, string names)
    {
        using var scope = NewDisposeScope();
        var tensors = ShardedSafeTensors.Read(GoldenFile.PathOf($"checkpoints/{index}"));
        Assert.Equal(names.Split(','), tensors.Keys.Order());
        Assert.All(tensors.Values, t => Assert.True(t.numel() > 0));
    }

    [Theory]
    [InlineData("index-file-absent", "absent.safetensors")]
    [InlineData("index-tensor-absent", "'b'")]
    [InlineData("index-no-map", "weight_map")]
    [InlineData("index-path-outside", "../safetensors-bad")]
    [InlineData("no-such-index", "no such index")]
    public void ABrokenIndexIsRefused(string index, string expected) =>
        Assert.Contains(
            expected,
            Assert.Throws<BadInputException>(() => ShardedSafeTensors.Read(GoldenFile.PathOf($"checkpoints/safetensors-bad/{index}.json"))).Message,
            StringComparison.Ordinal);

    private static long[] Shape(JsonElement tensor) => [.. tensor.GetProperty("shape").EnumerateArray().Select(v => v.GetInt64())];

    private static void AssertValues(JsonElement expected, Tensor read, string name)
    {
        Assert.Equal(Shape(expected), read.shape);
        var values = expected.GetProperty("values").EnumerateArray().Select(Number).ToArray();
        Assert.True(values.SequenceEqual(read.to(ScalarType.Float64).data<double>().ToArray()), $"values of {name} differ");
    }

    private static double Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.Number => value.GetDouble(),
        _ => value.GetString() switch
        {
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            "nan" => double.NaN,
            var other => throw new InvalidOperationException(other),
        },
    };
}
