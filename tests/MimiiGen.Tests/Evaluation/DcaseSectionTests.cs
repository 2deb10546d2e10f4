using System.Text.Json;
using MimiiGen.Evaluation;
using MimiiGen.Tests.Golden;

namespace MimiiGen.Tests.Evaluation;

public sealed class DcaseSectionTests
{
    private static readonly JsonElement Golden = GoldenFile.Json("metrics/detection.json").GetProperty("dcase");

    [Theory]
    [InlineData("section_a")]
    [InlineData("section_b")]
    public void SectionsEqualTheBaseline(string name)
    {
        var section = Section(Golden.GetProperty(name));
        var expected = Golden.GetProperty(name).GetProperty("result");
        var threshold = Golden.GetProperty(name).GetProperty("threshold").GetDouble();

        Assert.Equal(expected.GetProperty("auc_source").GetDouble(), section.AucSource, 1e-12);
        Assert.Equal(expected.GetProperty("auc_target").GetDouble(), section.AucTarget, 1e-12);
        Assert.Equal(expected.GetProperty("pauc").GetDouble(), section.PartialAuc, 1e-12);
        Assert.Equal(expected.GetProperty("pauc_source").GetDouble(), section.PartialAucSource, 1e-12);
        Assert.Equal(expected.GetProperty("pauc_target").GetDouble(), section.PartialAucTarget, 1e-12);
        AssertDecisions("source", section.SourceDecisions(threshold));
        AssertDecisions("target", section.TargetDecisions(threshold));

        void AssertDecisions(string domain, ConfusionMatrix matrix)
        {
            Assert.Equal(expected.GetProperty($"precision_{domain}").GetDouble(), matrix.Precision, 1e-12);
            Assert.Equal(expected.GetProperty($"recall_{domain}").GetDouble(), matrix.Recall, 1e-12);
            Assert.Equal(expected.GetProperty($"f1_{domain}").GetDouble(), matrix.F1, 1e-12);
            Assert.Equal(
                Numbers.Of(expected.GetProperty($"confusion_{domain}_tn_fp_fn_tp")),
                new double[] { matrix.TrueNegatives, matrix.FalsePositives, matrix.FalseNegatives, matrix.TruePositives });
        }
    }

    [Fact]
    public void TheOfficialScoreIsTheHarmonicMean()
    {
        var expected = Golden.GetProperty("official_score");
        var sections = new[] { Section(Golden.GetProperty("section_a")), Section(Golden.GetProperty("section_b")) };

        Assert.Equal(expected.GetProperty("harmonic_mean").GetDouble(), DcaseSection.OfficialScore(sections), 1e-12);
        var values = Numbers.Of(expected.GetProperty("values_in_order_auc_source_auc_target_pauc_per_section"));
        Assert.Equal(expected.GetProperty("harmonic_mean").GetDouble(), DcaseSection.HarmonicMean(values), 1e-12);
        values[0] = 0;
        Assert.Equal(expected.GetProperty("with_a_zero").GetDouble(), DcaseSection.HarmonicMean(values), 1e-27);
    }

    /// <summary>A section with the same normals in both domains and all anomalies in one has the AUC of the list twice, and its pAUC: normals counted double change no rate.</summary>
    [Theory]
    [InlineData("ties_rounded_to_0.2")]
    [InlineData("all_scores_equal")]
    [InlineData("perfect")]
    [InlineData("inverted")]
    [InlineData("one_of_each")]
    [InlineData("one_of_each_tied")]
    [InlineData("one_normal_many_anomalies")]
    public void TheOfficialScoreOfTiesAndDegenerateSets(string name)
    {
        var item = GoldenFile.Json("metrics/detection.json").GetProperty("roc").GetProperty(name);
        var scores = Numbers.Of(item.GetProperty("scores"));
        var labels = Numbers.Of(item.GetProperty("labels"));
        double[] normals = [.. scores.Where((_, i) => labels[i] == 0)];
        var section = new DcaseSection(normals, normals, [], [.. scores.Where((_, i) => labels[i] == 1)]);
        var (area, partial) = (item.GetProperty("auc").GetProperty("value").GetDouble(), item.GetProperty("pauc_max_fpr_0.1").GetProperty("value").GetDouble());

        Assert.Equal(area, section.AucSource, 1e-12);
        Assert.Equal(area, section.AucTarget, 1e-12);
        Assert.Equal(partial, section.PartialAuc, 1e-12);
        Assert.Equal(3 / ((2 / Math.Max(area, 2.220446049250313e-16)) + (1 / partial)), DcaseSection.OfficialScore([section]), 1e-12);
    }

    [Fact]
    public void DecisionsOnTies()
    {
        var item = GoldenFile.Json("metrics/detection.json").GetProperty("roc").GetProperty("ties_rounded_to_0.2");
        var scores = Numbers.Of(item.GetProperty("scores"));
        var labels = Numbers.Of(item.GetProperty("labels"));
        foreach (var expected in Golden.GetProperty("decisions_on_ties_rounded_to_0.2").GetProperty("by_threshold").EnumerateObject())
        {
            var matrix = ConfusionMatrix.Of([.. scores.Where((_, i) => labels[i] == 0)], [.. scores.Where((_, i) => labels[i] == 1)], double.Parse(expected.Name));

            Assert.Equal(expected.Value.GetProperty("accuracy").GetDouble(), matrix.Accuracy, 1e-12);
            Assert.Equal(expected.Value.GetProperty("balanced_accuracy").GetDouble(), matrix.BalancedAccuracy, 1e-12);
            Assert.Equal(expected.Value.GetProperty("mcc").GetDouble(), matrix.MatthewsCorrelation, 1e-12);
            Assert.Equal(expected.Value.GetProperty("f1").GetDouble(), matrix.F1, 1e-12);
            Assert.Equal(expected.Value.GetProperty("flagged").GetInt32(), matrix.TruePositives + matrix.FalsePositives);
        }
    }

    private static DcaseSection Section(JsonElement item)
    {
        var labels = Numbers.Of(item.GetProperty("labels"));
        var scores = Numbers.Of(item.GetProperty("scores"));
        string[] domains = [.. item.GetProperty("domains").EnumerateArray().Select(d => d.GetString()!)];
        return new DcaseSection(Pick("source", 0), Pick("target", 0), Pick("source", 1), Pick("target", 1));
        double[] Pick(string domain, int label) => [.. scores.Where((_, i) => labels[i] == label && domains[i] == domain)];
    }
}
