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
        foreach (var metric in told)
        {
            var summary = new SeedSummary(metric, records);
            if (Reference(arms) is { } reference && summary.Has(reference)) sentences.Add(Compared(summary, reference, Differences(summary, reference, arms)));
            if (Bounded(summary, arms) is { } bounded) sentences.Add(bounded);
        }

        sentences.Add(Rests(records));
        return sentences;
    }

    /// <summary>The differences that were seen, a text for each metric that has any.</summary>
    public static IReadOnlyList<string> Seen(IReadOnlyList<Metric> told, IReadOnlyList<ArmRecord> records)
    {
        var arms = records.DistinctBy(r => r.Arm).ToArray();
        if (Reference(arms) is not { } reference) return [];
        return [.. told.Select(m => new SeedSummary(m, records)).Where(s => s.Has(reference)).Select(s => (s.Metric, Differences: Differences(s, reference, arms).Where(IsSeen).ToArray())).Where(m => m.Differences.Length > 0)
            .Select(m => $"{m.Metric.Name} against '{reference}': {string.Join("; ", m.Differences.Select(d => Sign(d, m.Metric)))}")];
    }

    private static string? Reference(IEnumerable<ArmRecord> arms) => arms.FirstOrDefault(a => a.Kind == ArmKind.Reference)?.Arm;

    /// <summary>Of all arms that vary what the reference doesn't, as far as they can be told.</summary>
    private static (string Arm, Interval Difference)[] Differences(SeedSummary summary, string reference, IEnumerable<ArmRecord> arms)
    {
        string[] variants = [.. arms.Where(a => a.Kind == ArmKind.Variant && summary.Has(a.Arm)).Select(a => a.Arm)];
        return [.. variants.Select(v => (Arm: v, Difference: summary.Difference(v, reference, variants.Length))).Where(d => d.Difference is not null).Select(d => (d.Arm, d.Difference!.Value))];
    }

    private static bool IsSeen((string Arm, Interval Difference) of) => of.Difference.Low > 0 || of.Difference.High < 0;

    private static string Compared(SeedSummary summary, string reference, (string Arm, Interval Difference)[] differences)
    {
        var about = $"{summary.Metric.Name} ('{reference}': {Words(summary.Of(reference), summary.Metric.Format)})";
        if (differences.Length == 0) return $"{about}: there is nothing to compare with it.";
        var seen = differences.Where(IsSeen).Select(d => Sign(d, summary.Metric)).ToArray();
        var unseen = differences.Where(d => !IsSeen(d)).ToArray();
        return seen.Length == 0 ? $"{about}: no difference seen to {Named(unseen)}."
            : unseen.Length == 0 ? $"{about}: {string.Join("; ", seen)}."
            : $"{about}: {string.Join("; ", seen)}; no difference seen to {Named(unseen)}.";
    }

    private static string Sign((string Arm, Interval Difference) of, Metric metric) =>
        $"'{of.Arm}' is {(of.Difference.Estimate > 0 ? "higher" : "lower")} by {Words(Size(of.Difference), Plain(metric))}";

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
