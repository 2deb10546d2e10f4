using System.Text.Json;
using MimiiGen.Evaluation;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Evaluation;

public sealed class KernelInceptionDistanceTests
{
    private static readonly JsonElement Golden = GoldenFile.Json("metrics/kernel.json");

    [Theory]
    [InlineData("kid.default")]
    [InlineData("kid.subset_larger_than_set")]
    public void EqualsTheReferenceOnEverySubset(string name)
    {
        using var scope = NewDisposeScope();
        var tensors = GoldenFile.Tensors("metrics/kernel.safetensors");
        var expected = Golden.GetProperty(name);
        var gamma = expected.GetProperty("gamma");
        var values = expected.GetProperty("mmd2_per_subset").EnumerateArray().Select((value, i) =>
        {
            var x = tensors[$"{name}.x"].index_select(0, tensors[$"{name}.indices_x"][i]);
            var y = tensors[$"{name}.y"].index_select(0, tensors[$"{name}.indices_y"][i]);
            var actual = KernelInceptionDistance.Of(
                x, y, expected.GetProperty("degree").GetInt32(), gamma.ValueKind == JsonValueKind.Number ? gamma.GetDouble() : null, expected.GetProperty("coef0").GetDouble());
            Assert.Equal(value.GetDouble(), actual, 1e-12);
            return actual;
        }).ToArray();

        Assert.Equal(expected.GetProperty("kernel_inception_distance_mean").GetDouble(), values.Average(), 1e-12);
    }

    [Fact]
    public void ASetOfOneIsRefused() => Assert.Throws<BadInputException>(() => KernelInceptionDistance.Of(ones(1, 3), ones(5, 3)));
}
