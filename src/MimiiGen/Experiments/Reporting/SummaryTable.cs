using MimiiGen.Evaluation;
using MimiiGen.Experiments.Measuring;

namespace MimiiGen.Experiments.Reporting;

/// <summary>Arms by metrics.</summary>
internal static class SummaryTable
{
    public static Table Of(IReadOnlyList<ArmRecord> records)
    {
        string[] names = [.. records.SelectMany(r => r.Measures).Select(m => m.Metric).Distinct()];
        var order = Metric.All.Select(m => m.Name).Where(names.Contains).Concat(names.Where(n => Metric.All.All(m => m.Name != n)));
        SeedSummary[] summaries = [.. order.Select(n => new SeedSummary(Metric.Named(n), records))];
        var rows = records.DistinctBy(r => r.Arm).Select(arm => (IReadOnlyList<string>)[arm.Arm, .. summaries.Select(s => s.Has(arm.Arm) ? Cell(s.Of(arm.Arm), s.Metric.Format) : "")]);
        string[] right = ["right would be", .. summaries.Select(s => s.Metric.Right)];
        return new Table("Means over seeds (95 % intervals over seeds and clips)", ["arm", .. summaries.Select(s => s.Metric.Name)], [.. rows, right]);
    }

    /// <summary>The detector's verdicts fault by fault.</summary>
    public static Table OfFaults(IReadOnlyList<ArmRecord> records) => new(
        "Machine by machine, fault by fault (DeLong's 95 % intervals)",
        ["arm", "seed", "machine", "fault", "detector", "clips", "AUC real", "AUC generated", "real normals, generated faults", "difference"],
        [.. records.SelectMany(r => r.Faults.Select(f => (IReadOnlyList<string>)[r.Arm, $"{r.Seed}", f.Machine, f.Fault, f.Detector, $"{f.Clips}", Cell(f.RealAuc, "0.00"), Cell(f.GeneratedAuc, "0.00"), Cell(f.MixedAuc, "0.00"), Cell(f.Difference, "+0.00;-0.00;0.00")]))]);

    public static string Cell(Interval interval, string format) => interval.High > interval.Low
        ? $"{interval.Estimate.ToString(format, null)} ({interval.Low.ToString(format, null)} to {interval.High.ToString(format, null)})"
        : interval.Estimate.ToString(format, null);
}
