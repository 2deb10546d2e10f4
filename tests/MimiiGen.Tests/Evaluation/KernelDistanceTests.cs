using System.Text.Json;
using MimiiGen.Evaluation;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Evaluation;

public sealed class KernelDistanceTests
{
    private static readonly JsonElement Golden = GoldenFile.Json("metrics/kernel.json");

    [Theory]
    [InlineData("kad.small")]
    [InlineData("kad.two")]
    [InlineData("kad.same_rows")]
    [InlineData("kad.vggish.dog_bark-gunshot")]
    public void EqualsTheReferenceInFloat64(string name)
    {
        using var scope = NewDisposeScope();
        var expected = Golden.GetProperty(name);
        var (x, y) = name.Contains("vggish", StringComparison.Ordinal)
            ? (FoleyEmbeddings.Vggish("dog_bark", 30), FoleyEmbeddings.Vggish("gunshot", 30))
            : Made();

        Assert.Equal(expected.GetProperty("median_x_float64_lower").GetDouble(), KernelDistance.MedianDistance(x), 1e-10);
        foreach (var (key, kernel) in new[] { ("gaussian", DistanceKernel.Gaussian), ("iq", DistanceKernel.InverseQuadratic), ("imq", DistanceKernel.InverseMultiquadric) })
            foreach (var item in expected.GetProperty(key).EnumerateObject())
                Assert.Equal(item.Value.GetProperty("float64").GetDouble(), KernelDistance.Of(x, y, item.Value.GetProperty("bandwidth").GetDouble(), kernel), 1e-10);

        (Tensor X, Tensor Y) Made()
        {
            var tensors = GoldenFile.Tensors("metrics/kernel.safetensors");
            return (tensors[$"{name}.x"], tensors[$"{name}.y"]);
        }
    }

    [Fact]
    public void DegenerateSets()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(0, KernelDistance.Of(ones(4, 3), ones(5, 3)), 1e-12);
        Assert.Throws<BadInputException>(() => KernelDistance.Of(ones(1, 3), ones(5, 3)));
    }
}
