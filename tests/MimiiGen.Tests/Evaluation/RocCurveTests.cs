using System.Text.Json;
using MimiiGen.Evaluation;
using MimiiGen.Tests.Golden;

namespace MimiiGen.Tests.Evaluation;

public sealed class RocCurveTests
{
    private static readonly JsonElement Golden = GoldenFile.Json("metrics/detection.json");

    public static TheoryData<string> Cases => [.. Golden.GetProperty("roc").EnumerateObject().Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void AreasEqualScikitLearns(string name)
    {
        var expected = Golden.GetProperty("roc").GetProperty(name);
        var (normals, anomalies) = Scores(expected);
        if (!expected.GetProperty("auc").TryGetProperty("value", out var auc) || auc.ValueKind == JsonValueKind.String)
        {
            Assert.Throws<BadInputException>(() => RocCurve.Of(normals, anomalies));
            return;
        }

        var curve = RocCurve.Of(normals, anomalies);

        Assert.Equal(auc.GetDouble(), curve.Area, 1e-12);
        foreach (var limit in new[] { "0.1", "0.5", "1.0" })
            Assert.Equal(expected.GetProperty($"pauc_max_fpr_{limit}").GetProperty("value").GetDouble(), curve.PartialArea(double.Parse(limit)), 1e-12);
        Assert.Equal(expected.GetProperty("average_precision").GetDouble(), curve.AveragePrecision, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void PointsEqualScikitLearns(string name)
    {
        var expected = Golden.GetProperty("roc").GetProperty(name);
        if (!expected.TryGetProperty("roc_curve_all_points", out var all)) return;
        var (normals, anomalies) = Scores(expected);
        var curve = RocCurve.Of(normals, anomalies);

        AssertPoints(all, curve);
        AssertPoints(expected.GetProperty("roc_curve_drop_intermediate_true"), curve.WithoutStraightRuns());
    }

    [Fact]
    public void OneClassAloneIsRefusedInOneLine()
    {
        var e = Assert.Throws<BadInputException>(() => RocCurve.Of([1.0, 2, 3], []));
        Assert.Equal("AUC needs clips of both classes: there are 3 normal and 0 anomalous scores", e.Message);
    }

    private static void AssertPoints(JsonElement expected, RocCurve curve)
    {
        AssertClose(expected.GetProperty("fpr"), curve.FalsePositiveRates);
        AssertClose(expected.GetProperty("tpr"), curve.TruePositiveRates);
        AssertClose(expected.GetProperty("thresholds"), curve.Thresholds);
    }

    private static void AssertClose(JsonElement expected, IReadOnlyList<double> actual)
    {
        var values = Numbers.Of(expected);
        Assert.Equal(values.Length, actual.Count);
        for (var i = 0; i < values.Length; i++) Assert.Equal(values[i], actual[i], 1e-12);
    }

    private static (double[] Normals, double[] Anomalies) Scores(JsonElement item)
    {
        var scores = Numbers.Of(item.GetProperty("scores"));
        var labels = Numbers.Of(item.GetProperty("labels"));
        return ([.. scores.Where((_, i) => labels[i] == 0)], [.. scores.Where((_, i) => labels[i] == 1)]);
    }
}
