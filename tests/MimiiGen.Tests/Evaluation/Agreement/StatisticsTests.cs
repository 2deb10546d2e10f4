using System.Text.Json;
using MimiiGen.Evaluation.Agreement;
using MimiiGen.Tests.Golden;

namespace MimiiGen.Tests.Evaluation.Agreement;

public sealed class StatisticsTests
{
    private static readonly JsonElement Golden = GoldenFile.Json("metrics/statistics.json");
    private static readonly JsonElement Samples = Golden.GetProperty("two_sample");

    [Fact]
    public void DeLongsIntervalsAreTheReferences()
    {
        var intervals = Golden.GetProperty("intervals");
        var labels = Numbers.Of(intervals.GetProperty("labels"));
        var (first, second) = (Classes("scores"), Classes("scores_of_second_detector"));
        var expected = intervals.GetProperty("delong");

        var auc = DeLong.Auc(first.Normals, first.Anomalies);

        Assert.Equal(expected.GetProperty("auc")[0].GetDouble(), auc.Estimate, 1e-10);
        Assert.Equal(expected.GetProperty("ci95_plain")[0].GetDouble(), auc.Low, 1e-10);
        Assert.Equal(expected.GetProperty("ci95_plain")[1].GetDouble(), auc.High, 1e-10);
        Assert.Equal(expected.GetProperty("covariance")[0][1].GetDouble(), DeLong.Covariance(first, second), 1e-10);
        Assert.Equal(expected.GetProperty("covariance")[1][1].GetDouble(), DeLong.Covariance(second, second), 1e-10);

        (double[] Normals, double[] Anomalies) Classes(string name)
        {
            var scores = Numbers.Of(intervals.GetProperty(name));
            return ([.. scores.Where((_, i) => labels[i] == 0)], [.. scores.Where((_, i) => labels[i] == 1)]);
        }
    }

    [Fact]
    public void ADifferenceOnTheSameClipsIsSureAndOneOnOthersAddsUp()
    {
        double[] normals = [0, 1, 2, 3], anomalies = [1.5, 2.5, 4, 5];
        var same = DeLong.Difference((normals, anomalies), (normals, anomalies));
        Assert.Equal((0, 0, 0), (same.Estimate, same.Low, same.High));

        var auc = DeLong.Auc(normals, anomalies);
        var copies = DeLong.Difference((normals, anomalies), ([.. normals], [.. anomalies]));
        Assert.Equal(Math.Sqrt(2) * (auc.Estimate - auc.Low), copies.High, 1e-12);
        var shared = DeLong.Difference((normals, anomalies), (normals, [.. anomalies]));
        Assert.InRange(shared.High, 1e-3, copies.High);
        Assert.Contains("two clips of each class", Assert.Throws<BadInputException>(() => DeLong.Auc([1], anomalies)).Message, StringComparison.Ordinal);
        Assert.Contains("NaN", Assert.Throws<BadInputException>(() => DeLong.Auc(normals, [1, double.NaN])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "b", "plain")]
    [InlineData("a_with_ties", "b_with_ties", "ties")]
    public void RankCorrelationsAreTheReferences(string a, string b, string expected)
    {
        var (x, y) = (Numbers.Of(Samples.GetProperty(a)), Numbers.Of(Samples.GetProperty(b)));
        Assert.Equal(Samples.GetProperty(expected).GetProperty("kendall_tau_b_auto")[0].GetDouble(), RankCorrelation.Kendall(x, y), 1e-10);
        Assert.Equal(Samples.GetProperty(expected).GetProperty("spearman")[0].GetDouble(), RankCorrelation.Spearman(x, y), 1e-10);
    }

    [Fact]
    public void WhatHasNoOrderHasNoCorrelation()
    {
        Assert.True(double.IsNaN(RankCorrelation.Kendall([1, 1, 1], [1, 2, 3])));
        Assert.True(double.IsNaN(RankCorrelation.Spearman([1, 1, 1], [1, 2, 3])));
    }

    [Fact]
    public void DistancesBetweenSamplesAreTheReferences()
    {
        double[] a = Numbers.Of(Samples.GetProperty("a")), b = Numbers.Of(Samples.GetProperty("b"));
        double[] tiedA = Numbers.Of(Samples.GetProperty("a_with_ties")), tiedB = Numbers.Of(Samples.GetProperty("b_with_ties"));
        Assert.Equal(Samples.GetProperty("wasserstein_1").GetProperty("plain").GetDouble(), SampleDistance.Wasserstein(a, b), 1e-10);
        Assert.Equal(Samples.GetProperty("kolmogorov_smirnov").GetProperty("exact")[0].GetDouble(), SampleDistance.KolmogorovSmirnov(a, b), 1e-10);
        Assert.Equal(Samples.GetProperty("kolmogorov_smirnov").GetProperty("ties_auto")[0].GetDouble(), SampleDistance.KolmogorovSmirnov(tiedA, tiedB), 1e-10);
        var histograms = Samples.GetProperty("jensen_shannon");
        int[] Counts(string name) => [.. Numbers.Of(histograms.GetProperty(name)).Select(c => (int)c)];
        Assert.Equal(histograms.GetProperty("divergence_bits").GetDouble(), SampleDistance.JensenShannon(Counts("counts_a"), Counts("counts_b")), 1e-10);
        Assert.Equal(1, SampleDistance.JensenShannon([1.0, 2], [10.0, 11]), 1e-12);
        Assert.Equal(0, SampleDistance.JensenShannon([3.0, 3], [3.0]), 1e-12);
        Assert.Equal(7, SampleDistance.Wasserstein([1.0, 2], [8.0, 9]), 1e-12);
        Assert.Throws<BadInputException>(() => SampleDistance.Wasserstein([], a));
    }
}
