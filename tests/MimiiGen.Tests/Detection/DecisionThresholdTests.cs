using System.Text.Json;
using MimiiGen.Detection;
using MimiiGen.Tests.Evaluation;
using MimiiGen.Tests.Golden;

namespace MimiiGen.Tests.Detection;

public sealed class DecisionThresholdTests
{
    private static readonly JsonElement Golden = GoldenFile.Json("metrics/detection.json").GetProperty("dcase").GetProperty("gamma_threshold");

    [Theory]
    [InlineData("gamma_a3_scale2_n400")]
    [InlineData("gamma_a3_loc10_scale0.5_n60")]
    [InlineData("near_normal_n200")]
    [InlineData("negative_values")]
    public void RegularScoresGiveTheOptimumOfTheLikelihood(string name)
    {
        var expected = Golden.GetProperty(name).GetProperty("tight_optimum_of_the_same_likelihood").GetProperty("ppf_0.9").GetDouble();

        Assert.Equal(expected, DecisionThreshold.Of(Scores(name)), Math.Abs(expected) * 1e-4);
    }

    [Theory]
    [InlineData("negative_skew_n100")]
    [InlineData("two_values")]
    public void WhereTheLikelihoodHasNoOptimumTheEmpiricalQuantileStandsIn(string name)
    {
        var expected = Golden.GetProperty(name).GetProperty("empirical_quantile_0.9").GetProperty("value").GetDouble();

        Assert.Equal(expected, DecisionThreshold.Of(Scores(name)), 1e-12);
    }

    [Fact]
    public void AnUnboundedLikelihoodGivesItsLocalOptimumNotItsPole()
    {
        var empirical = Golden.GetProperty("five_values").GetProperty("empirical_quantile_0.9").GetProperty("value").GetDouble();

        Assert.Equal(empirical, DecisionThreshold.Of(Scores("five_values")), 0.01 * empirical);
    }

    [Theory]
    [InlineData("one_value")]
    [InlineData("all_equal")]
    [InlineData("with_nan")]
    [InlineData("with_inf")]
    [InlineData("empty")]
    public void DegenerateScoresAreRefused(string name) => Assert.Throws<BadInputException>(() => DecisionThreshold.Of(Scores(name)));

    [Fact]
    public void QuantilesOfTheGammaDistribution()
    {
        foreach (var row in Golden.GetProperty("quantiles").GetProperty("shape_loc_scale_q_value").EnumerateArray())
        {
            var v = Numbers.Of(row);
            var actual = new GammaDistribution(v[0], v[1], v[2]).Quantile(v[3]);
            if (double.IsInfinity(v[4])) Assert.Equal(v[4], actual);
            else Assert.True(Math.Abs(actual - v[4]) <= 1e-12 * Math.Max(Math.Abs(v[1]), Math.Abs(v[4])), $"{row}: {actual}, off by {actual - v[4]:g3}");
        }
    }

    private static double[] Scores(string name) => Numbers.Of(Golden.GetProperty(name).GetProperty("scores"));
}
