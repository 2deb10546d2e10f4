using MimiiGen.Datasets;
using MimiiGen.Evaluation.Agreement;
using MimiiGen.Evaluation.Report;

namespace MimiiGen.Tests.Evaluation.Agreement;

public sealed class DetectorAgreementTests
{
    [Fact]
    public void DetectorsInTheSameOrderAgree()
    {
        var agreement = DetectorAgreement.OfDetectors([Machine([3, 1.5, 0.5], [2.5, 1.2, 0.2])], 1)!;
        Assert.Equal((1, 1), (agreement.Kendall.Estimate, agreement.Spearman.Estimate));
        Assert.Equal(["d0", "d1", "d2"], agreement.Ranking.Select(r => r.Name));
        Assert.InRange(agreement.Kendall.Low, -1, 1);
        Assert.Equal(1, agreement.Kendall.High);
    }

    [Fact]
    public void DetectorsInTheOppositeOrderDoNot()
    {
        var agreement = DetectorAgreement.OfDetectors([Machine([3, 1.5, 0.5], [0.2, 1.2, 2.5]), Machine([3, 1.5, 0.5], [0.2, 1.2, 2.5])], 1)!;
        Assert.Equal(-1, agreement.Kendall.Estimate);
        Assert.InRange(agreement.Kendall.High, -1, 0.5);
    }

    [Fact]
    public void WhatFailedOnAMachineIsNotRanked()
    {
        var machine = Machine([3, 1.5, 0.5], [3, 1.5, 0.5]);
        Assert.Null(DetectorAgreement.OfDetectors([machine with { Detectors = [machine.Detectors[0], machine.Detectors[1], new("d2", "two", "no", null)] }], 1));
        Assert.Null(DetectorAgreement.OfMachines([machine, machine], 1));
        Assert.NotNull(DetectorAgreement.OfMachines([machine, Machine([1.5, 1, 1], [1.5, 1, 1]), Machine([0.5, 1, 1], [0.5, 1, 1])], 1));
    }

    [Fact]
    public void DomainsAndFaultsAreJudgedByTheRulesOfDcase()
    {
        ConditionTable.Scored Clip(double score, string domain, string? fault = null) => new(new ClipMetadata { Machine = "fan", Domain = domain, AnomalyType = fault, Anomaly = fault is not null }, score);
        ConditionTable.Scored[] normals = [Clip(0, "source"), Clip(1, "source"), Clip(2, "target"), Clip(5, "target")];
        ConditionTable.Scored[] anomalies = [Clip(3, "source", "a"), Clip(4, "target", "b")];

        var rows = ConditionTable.Of(normals, anomalies, normals, anomalies, 1).ToDictionary(r => $"{r.Kind} {r.Name}");

        Assert.Equal(["domain source", "domain target", "fault a", "fault b"], rows.Keys.Order());
        Assert.Equal((2, 2, 1.0), (rows["domain source"].Normals, rows["domain source"].Anomalies, rows["domain source"].Real.Estimate));
        Assert.Equal(0.5, rows["domain target"].Real.Estimate);
        Assert.Equal((4, 1, 0.75), (rows["fault a"].Normals, rows["fault a"].Anomalies, rows["fault a"].Generated.Estimate));
        Assert.Empty(ConditionTable.Of([Clip(0, "source")], [Clip(3, "source", "a")], normals, anomalies, 1));
    }

    /// <summary>Detectors whose anomalies score that much above normal clips, on real and on generated ones.</summary>
    private static MachineResult Machine(double[] real, double[] generated)
    {
        var chance = new Random(5);
        DetectorComparison[] detectors =
        [
            .. real.Select((shift, i) => new DetectorComparison($"d{i}", $"detector {i}", null, DetectorOutcome.Of(
                new ScoreGroups(Scores(0), Scores(shift), Scores(0), Scores(generated[i])), 1))),
        ];
        return MadeUpMachine() with { Detectors = detectors, Scores = detectors[0].Outcome!.Scores };

        ClipScore[] Scores(double mean) => [.. Enumerable.Range(0, 30).Select(i => new ClipScore($"{i}", mean + (4 * chance.NextDouble()) - 2))];
    }

    private static MachineResult MadeUpMachine()
    {
        var folder = Directory.CreateTempSubdirectory("agreement").FullName;
        var machine = Report.MadeUpEvaluation.Make(folder).Machines[0];
        Directory.Delete(folder, recursive: true);
        return machine;
    }
}
