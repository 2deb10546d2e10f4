using System.Text.Json;
using MimiiGen.Evaluation;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Evaluation;

public sealed class ManifoldTests : IDisposable
{
    private static readonly JsonElement Golden = GoldenFile.Json("metrics/manifold.json");

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Dictionary<string, Tensor> tensors = GoldenFile.Tensors("metrics/manifold.safetensors");

    public static TheoryData<string> Cases => [.. Golden.GetProperty("prdc").EnumerateObject().Select(p => p.Name)];

    public void Dispose() => scope.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void PrecisionRecallDensityCoverage(string name)
    {
        var expected = Golden.GetProperty("prdc").GetProperty(name);
        var k = expected.GetProperty("k").GetInt32();
        var (real, fake) = (tensors[$"prdc.{name}.real"], tensors[$"prdc.{name}.fake"]);
        if (expected.TryGetProperty("error", out _))
        {
            Assert.Throws<BadInputException>(() => Manifold.Of(real, fake, k));
            return;
        }

        var manifold = Manifold.Of(real, fake, k);

        Assert.Equal(expected.GetProperty("precision").GetDouble(), manifold.Precision, 1e-12);
        Assert.Equal(expected.GetProperty("recall").GetDouble(), manifold.Recall, 1e-12);
        Assert.Equal(expected.GetProperty("density").GetDouble(), manifold.Density, 1e-12);
        Assert.Equal(expected.GetProperty("coverage").GetDouble(), manifold.Coverage, 1e-12);
    }

    /// <summary>
    /// At order 0.5 the reference counts the root of 19 eigenvalues that are 0 but for rounding (1e-17 each); the singular values
    /// taken here have no such remainder.
    /// </summary>
    [Theory]
    [InlineData(0.5, "q=0.5", 1e-6)]
    [InlineData(1, "q=1", 1e-10)]
    [InlineData(2, "q=2", 1e-10)]
    [InlineData(double.PositiveInfinity, "q=inf", 1e-10)]
    public void VendiScores(double order, string key, double tolerance) => Assert.Equal(
        Golden.GetProperty("vendi").GetProperty("cosine").GetProperty(key).GetProperty("by_formula").GetDouble(),
        VendiScore.Of(tensors["vendi.x"], order),
        tolerance);

    [Fact]
    public void VendiCountsDifferentItems()
    {
        Assert.Equal(1, VendiScore.Of(ones(9, 4)), 1e-10);
        Assert.Equal(7, VendiScore.Of(eye(7)), 1e-10);
    }

    [Fact]
    public void RealEmbeddings()
    {
        var embeddings = GoldenFile.Tensors("embeddings/end-to-end.safetensors");
        var expected = GoldenFile.Json("embeddings/end-to-end.json").GetProperty("network_in_float32");

        var manifold = Manifold.Of(embeddings["normal.embeddings"], embeddings["abnormal.embeddings"]);

        var golden = expected.GetProperty("prdc_k5_normal_real_abnormal_fake");
        Assert.Equal(golden.GetProperty("precision").GetDouble(), manifold.Precision, 0.05);
        Assert.Equal(golden.GetProperty("recall").GetDouble(), manifold.Recall, 0.05);
        Assert.Equal(golden.GetProperty("density").GetDouble(), manifold.Density, 0.05);
        Assert.Equal(golden.GetProperty("coverage").GetDouble(), manifold.Coverage, 0.05);
        Assert.Equal(expected.GetProperty("vendi_cosine_normal").GetDouble(), VendiScore.Of(embeddings["normal.embeddings"]), 1e-4);
        Assert.Equal(expected.GetProperty("vendi_cosine_abnormal").GetDouble(), VendiScore.Of(embeddings["abnormal.embeddings"]), 1e-4);
    }
}
