using MimiiGen.Detection;
using MimiiGen.Evaluation;
using MimiiGen.Tests.Golden;

namespace MimiiGen.Tests.Evaluation;

public sealed class BootstrapTests
{
    private readonly double[] normals;
    private readonly double[] anomalies;
    private readonly System.Text.Json.JsonElement golden = GoldenFile.Json("metrics/statistics.json").GetProperty("intervals");
    private readonly double[] scores;

    public BootstrapTests()
    {
        scores = Numbers.Of(golden.GetProperty("scores"));
        var labels = Numbers.Of(golden.GetProperty("labels"));
        normals = [.. scores.Where((_, i) => labels[i] == 0)];
        anomalies = [.. scores.Where((_, i) => labels[i] == 1)];
    }

    [Fact]
    public void TheGoldenDrawsGiveTheGoldenInterval()
    {
        var expected = golden.GetProperty("bootstrap");
        var indices = GoldenFile.Tensors("metrics/intervals.safetensors")["bootstrap.indices_stratified"];
        var drawn = (long[,])indices.data<long>().ToNDArray();
        var curves = Enumerable.Range(0, drawn.GetLength(0)).Select(r =>
        {
            double[] values = [.. Enumerable.Range(0, scores.Length).Select(i => scores[drawn[r, i]])];
            return RocCurve.Of(values[..normals.Length], values[normals.Length..]);
        }).ToArray();

        double[] areas = [.. curves.Select(c => c.Area)];
        double[] partial = [.. curves.Select(c => c.PartialArea())];

        var first = Numbers.Of(expected.GetProperty("auc_first_ten"));
        for (var i = 0; i < 10; i++) Assert.Equal(first[i], areas[i], 1e-10);
        AssertInterval(expected.GetProperty("auc_ci95"), areas);
        AssertInterval(expected.GetProperty("pauc_ci95"), partial);

        static void AssertInterval(System.Text.Json.JsonElement bounds, double[] values)
        {
            Assert.Equal(bounds[0].GetDouble(), Quantile.Of(values, 0.025), 1e-10);
            Assert.Equal(bounds[1].GetDouble(), Quantile.Of(values, 0.975), 1e-10);
        }
    }

    [Fact]
    public void OwnDrawsComeNearTheGoldenInterval()
    {
        var interval = Bootstrap.Auc(normals, anomalies, seed: 1);

        Assert.Equal(golden.GetProperty("delong").GetProperty("auc")[0].GetDouble(), interval.Estimate, 1e-12);
        Assert.Equal(golden.GetProperty("bootstrap").GetProperty("auc_ci95")[0].GetDouble(), interval.Low, 0.02);
        Assert.Equal(golden.GetProperty("bootstrap").GetProperty("auc_ci95")[1].GetDouble(), interval.High, 0.02);
        Assert.Equal(interval, Bootstrap.Auc(normals, anomalies, seed: 1));
        Assert.NotEqual(interval, Bootstrap.Auc(normals, anomalies, seed: 2));
        Assert.Equal(golden.GetProperty("bootstrap").GetProperty("pauc_ci95")[1].GetDouble(), Bootstrap.PartialAuc(normals, anomalies, seed: 1).High, 0.02);
    }

    [Fact]
    public void AListInBothComparisonsIsDrawnOnce()
    {
        var same = Bootstrap.AucDifference((normals, anomalies), (normals, anomalies), seed: 3);
        var copied = Bootstrap.AucDifference((normals, anomalies), ([.. normals], [.. anomalies]), seed: 3);

        Assert.Equal(new Interval(0, 0, 0), same);
        Assert.True(copied.Low < -0.1 && copied.High > 0.1);
    }

    [Fact]
    public void ACopyWithTheSameRanksDiffersByNothingInAnyDraw()
    {
        double[] normals = [1, 2, 3, 4], anomalies = [2.5, 3.5, 5, 6];

        var difference = Bootstrap.PairedAucDifference((normals, anomalies), ([.. normals.Select(x => x * 10)], [.. anomalies.Select(x => x * 10)]), 1);

        Assert.Equal(new Interval(0, 0, 0), difference);
    }

    [Fact]
    public void ThePairedDifferenceIsThatOfTheAreas()
    {
        var difference = Bootstrap.PairedAucDifference(([1, 2], [3, 4]), ([3, 2], [1, 4]), 1);

        Assert.Equal(-0.5, difference.Estimate);
        Assert.True(difference.Low < -0.5 && difference.High > -0.5);
    }
}
