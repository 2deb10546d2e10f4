using System.Text.Json;
using MimiiGen.Evaluation;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Evaluation;

public sealed class FrechetDistanceTests : IDisposable
{
    private static readonly JsonElement Golden = GoldenFile.Json("metrics/frechet.json");

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Dictionary<string, Tensor> tensors = GoldenFile.Tensors("metrics/frechet.safetensors");

    public static TheoryData<string> Cases =>
        [.. Golden.EnumerateObject().Where(p => p.Value.TryGetProperty("terms", out _) && !p.Name.StartsWith("real.", StringComparison.Ordinal)).Select(p => p.Name)];

    public void Dispose() => scope.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void MadeCasesEqualTheExactDistance(string name)
    {
        var expected = Golden.GetProperty(name);
        var exact = expected.GetProperty("exact_nuclear_norm").GetDouble();

        var distance = FrechetDistance.Of(tensors[$"{name}.x"], tensors[$"{name}.y"]);

        Assert.Equal(exact, distance, name is "identical" or "permuted" ? 1e-9 : 1e-9 * exact);
        Assert.True(distance >= 0);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void StatisticsAloneComeAsNearAsTheirRankAllows(string name)
    {
        var expected = Golden.GetProperty(name);
        var exact = expected.GetProperty("exact_nuclear_norm").GetDouble();
        var terms = expected.GetProperty("terms");
        var trace = terms.GetProperty("trace1").GetDouble() + terms.GetProperty("trace2").GetDouble();
        var (meanX, covarianceX) = Statistics(tensors[$"{name}.x"]);
        var (meanY, covarianceY) = Statistics(tensors[$"{name}.y"]);

        var distance = FrechetDistance.OfStatistics(meanX, covarianceX, meanY, covarianceY);

        Assert.Equal(exact, distance, name is "full_rank" or "small" ? 1e-9 * exact : 1e-6 * trace);
        Assert.True(distance >= 0);
    }

    [Theory]
    [InlineData("dog_bark", "footstep")]
    [InlineData("dog_bark", "gunshot")]
    [InlineData("footstep", "sneeze_cough")]
    public void RealEmbeddings(string first, string second)
    {
        var expected = Golden.GetProperty($"real.vggish.{first}-{second}").GetProperty("exact_nuclear_norm").GetDouble();

        Assert.Equal(expected, FrechetDistance.Of(FoleyEmbeddings.Vggish(first), FoleyEmbeddings.Vggish(second)), 1e-9 * expected);
    }

    [Theory]
    [InlineData("dog_bark", "footstep")]
    [InlineData("dog_bark", "gunshot")]
    [InlineData("footstep", "sneeze_cough")]
    public void RealEmbeddingsOfFewerRowsThanDimensions(string first, string second)
    {
        var expected = Golden.GetProperty($"real.clap.{first}-{second}");
        var trace = expected.GetProperty("terms").GetProperty("trace1").GetDouble() + expected.GetProperty("terms").GetProperty("trace2").GetDouble();

        var distance = FrechetDistance.Of(FoleyEmbeddings.Clap(first), FoleyEmbeddings.Clap(second));

        Assert.Equal(expected.GetProperty("exact_nuclear_norm").GetDouble(), distance, 1e-6 * trace);
    }

    [Fact]
    public void TheStatisticsOfRealEmbeddingsAreThePublishedOnes()
    {
        var (mean, covariance) = Statistics(FoleyEmbeddings.Vggish(""));
        var published = FoleyEmbeddings.VggishStatistics();

        GoldenFile.AssertClose(published.Mean, mean, 1e-7, "mean");
        GoldenFile.AssertClose(published.Covariance, covariance, 1e-7, "covariance");
    }

    [Fact]
    public void SingleClipsOfFourRows()
    {
        var baseline = FoleyEmbeddings.Vggish("dog_bark");
        foreach (var item in Golden.GetProperty("per_file").GetProperty("scores").EnumerateObject())
        {
            var cut = item.Name.LastIndexOf('_');
            var index = int.Parse(item.Name[(cut + 1)..]);
            var clip = FoleyEmbeddings.Vggish(item.Name[..cut])[(4 * index)..(4 * (index + 1))];
            var expected = item.Value.GetProperty("exact_nuclear_norm").GetDouble();

            Assert.Equal(expected, FrechetDistance.Of(baseline, clip), 1e-6 * expected);
        }
    }

    [Fact]
    public void FadInfinityIsTheInterceptOfTheGoldenDraws()
    {
        var baseline = FoleyEmbeddings.Vggish("dog_bark");
        var evaluated = cat([FoleyEmbeddings.Vggish("footstep"), FoleyEmbeddings.Vggish("gunshot"), FoleyEmbeddings.Vggish("sneeze_cough")], 0);
        var expected = Golden.GetProperty("fad_inf").GetProperty("steps5_min200");
        int[] sizes = [.. Numbers.Of(expected.GetProperty("ns")).Select(n => (int)n)];
        Assert.Equal(sizes, FadInfinity.Sizes(1200, 5, 200));
        var indices = tensors["fad_inf.steps5.indices"].data<long>().ToArray();
        long[][] draws = [.. sizes.Select((n, i) => indices[sizes[..i].Sum()..(sizes[..i].Sum() + n)])];

        var actual = FadInfinity.Of(baseline, evaluated, draws);

        var exact = expected.GetProperty("exact");
        Assert.Equal(exact.GetProperty("fad_inf").GetDouble(), actual.Value, 1e-8);
        Assert.Equal(exact.GetProperty("slope").GetDouble(), actual.Slope, 1e-6);
        Assert.Equal(exact.GetProperty("r2").GetDouble(), actual.RSquared, 1e-8);
        Assert.Equal(FadInfinity.Of(baseline, evaluated, seed: 1, steps: 2, least: 200).Value, FadInfinity.Of(baseline, evaluated, seed: 1, steps: 2, least: 200).Value);
    }

    [Fact]
    public void SetsThatCantBeMeasuredAreRefused()
    {
        Assert.Throws<BadInputException>(() => FrechetDistance.Of(zeros(1, 3), zeros(5, 3)));
        Assert.Throws<BadInputException>(() => FrechetDistance.Of(zeros(5, 3), zeros(5, 4)));
        Assert.Throws<BadInputException>(() => FrechetDistance.Of(zeros(5, 3), full(5, 3, float.NaN)));
        Assert.Throws<BadInputException>(() => FadInfinity.Of(zeros(5, 3), zeros(5, 3), seed: 0));
    }

    private static (Tensor Mean, Tensor Covariance) Statistics(Tensor rows) => (rows.mean([0L]), rows.t().cov().reshape(rows.shape[1], rows.shape[1]));
}
