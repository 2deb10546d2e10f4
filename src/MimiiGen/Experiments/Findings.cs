using MimiiGen.Evaluation;
using MimiiGen.Experiments.Arms;
using MimiiGen.Experiments.Measuring;

namespace MimiiGen.Experiments;

/// <summary>What the numbers say, in sentences that are made from them alone.</summary>
internal static class Findings
{
    private const int Few = 3;
    private const string Signed = "+0.00;-0.00;0.00";

    /// <param name="told">The metrics that the study is about.</param>
    /// <param name="records">Of all arms and seeds.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<Metric> told, IReadOnlyList<ArmRecord> records)
    {
        var sentences = new List<string>();
        var arms = records.DistinctBy(r => r.Arm).ToArray();
        var reference = arms.FirstOrDefault(a => a.Kind == ArmKind.Reference)?.Arm;
        string[] variants = [.. arms.Where(a => a.Kind == ArmKind.Variant).Select(a => a.Arm)];
        foreach (var metric in told)
        {
            var summary = new SeedSummary(metric, records);
            if (reference is not null && summary.Has(reference)) sentences.Add(Compared(summary, reference, [.. variants.Where(summary.Has)]));
            if (Bounded(summary, arms) is { } bounded) sentences.Add(bounded);
        }

        sentences.Add(Rests(records));
        return sentences;
    }

    private static string Compared(SeedSummary summary, string reference, string[] variants)
    {
        var about = $"{summary.Metric.Name} ('{reference}': {Words(summary.Of(reference), summary.Metric.Format)})";
        var differences = variants.Select(v => (Arm: v, Difference: summary.Difference(v, reference, variants.Length))).Where(d => d.Difference is not null).Select(d => (d.Arm, Difference: d.Difference!.Value)).ToArray();
        if (differences.Length == 0) return $"{about}: there is nothing to compare with it.";
        var seen = differences.Where(d => d.Difference.Low > 0 || d.Difference.High < 0).Select(d => $"'{d.Arm}' is {(d.Difference.Estimate > 0 ? "higher" : "lower")} by {Words(Size(d.Difference), Plain(summary.Metric))}").ToArray();
        var unseen = differences.Where(d => d.Difference is { Low: <= 0, High: >= 0 }).ToArray();
        return seen.Length == 0 ? $"{about}: no difference seen to {Named(unseen)}."
            : unseen.Length == 0 ? $"{about}: {string.Join("; ", seen)}."
            : $"{about}: {string.Join("; ", seen)}; no difference seen to {Named(unseen)}.";
    }

    /// <summary>Arms that don't differ; of many the one that is farthest away speaks for all.</summary>
    private static string Named((string Arm, Interval Difference)[] unseen)
    {
        if (unseen.Length <= Few) return string.Join(", ", unseen.Select(One));
        return $"any of {string.Join(", ", unseen.Select(u => $"'{u.Arm}'"))}; farthest is {One(unseen.MaxBy(u => Math.Abs(u.Difference.Estimate)))}";

        static string One((string Arm, Interval Difference) unseen) => $"'{unseen.Arm}' ({Words(unseen.Difference, Signed)})";
    }

    /// <summary>What clips have that nothing was generated of.</summary>
    private static string? Bounded(SeedSummary summary, IReadOnlyList<ArmRecord> arms)
    {
        var bounds = arms.Where(a => a.Kind is ArmKind.Floor or ArmKind.Ceiling && summary.Has(a.Arm)).Select(a => $"'{a.Arm}' {Words(summary.Of(a.Arm), summary.Metric.Format)}").ToArray();
        return bounds.Length == 0 ? null : $"{summary.Metric.Name} of clips that were not generated: {string.Join(", ", bounds)}.";
    }

    private static string Rests(IReadOnlyList<ArmRecord> records)
    {
        var seeds = records.Where(r => r.Kind is ArmKind.Variant or ArmKind.Reference).Select(r => r.Seed).Distinct().Count();
        var clips = records.Max(r => r.Clips);
        var steps = records.Select(r => r.Find(Metric.TrainingSteps)?.Value).OfType<double>().ToArray();
        var trained = steps.Length == 0 ? "nothing was trained" : $"each generator was trained for {steps.Max():0} steps";
        return $"All this rests on {clips} real test clips and {seeds} seeds, and {trained}; differences are told from the seeds and hold for these clips, with intervals of 95 % for all comparisons of a sentence together.";
    }

    private static string Plain(Metric metric) => metric.Format.Split(';')[0].TrimStart('+');

    /// <summary>A difference without its sign.</summary>
    private static Interval Size(Interval difference) => difference.Estimate >= 0 ? difference : new Interval(-difference.Estimate, -difference.High, -difference.Low);

    private static string Words(Interval interval, string format) =>
        $"{interval.Estimate.ToString(format, null)} ({interval.Low.ToString(format, null)} to {interval.High.ToString(format, null)})";
}
