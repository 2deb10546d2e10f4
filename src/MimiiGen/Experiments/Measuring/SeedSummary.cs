using MathNet.Numerics.Distributions;
using MimiiGen.Evaluation;

namespace MimiiGen.Experiments.Measuring;

/// <summary>
/// One metric over arms and seeds. Arms with one seed draw the same noise, so that seeds are blocks of an analysis of variance: a difference between arms is told from what is left
/// of the values once the means of arms and seeds are taken off (of all arms, or of the two where these leave more), with (arms - 1)(seeds - 1) degrees of freedom. Arms having been judged on the same real clips, it holds for these
/// clips. An arm's own interval joins what seeds (pooled over arms) and clips contribute. Only arms that were sampled vary with the seed.
/// </summary>
internal sealed class SeedSummary
{
    private const double Normal95 = 1.959963984540054; // the 0.975 quantile of the normal distribution
    private const double Smallest = 1e-12; // of a deviation: rounding

    private readonly Dictionary<string, double[]> values;
    private readonly Dictionary<string, double> clipErrors;
    private readonly (double Deviation, int Freedom) within; // of one arm's seeds
    private readonly (double Deviation, int Freedom) residual; // with the seeds' means taken off too

    /// <param name="metric">The metric.</param>
    /// <param name="records">Of all arms and seeds.</param>
    public SeedSummary(Metric metric, IReadOnlyList<ArmRecord> records)
    {
        Metric = metric;
        var measured = records.Select(r => (r.Arm, r.Seed, Measure: r.Find(metric))).Where(r => r.Measure?.Value is { } value && double.IsFinite(value)).OrderBy(r => r.Seed).ToArray();
        values = measured.GroupBy(r => r.Arm).ToDictionary(g => g.Key, g => g.Select(r => r.Measure!.Value!.Value).ToArray());
        clipErrors = measured.GroupBy(r => r.Arm).ToDictionary(g => g.Key, g => g.Average(r => ((r.Measure!.High - r.Measure.Low) / (2 * Normal95)) ?? 0));
        var seeds = records.Select(r => r.Seed).Distinct().Count();
        double[][] sampled = [.. records.Where(r => r.Sampling is not null).Select(r => r.Arm).Distinct().Where(values.ContainsKey).Select(a => values[a]).Where(v => v.Length == seeds)];
        within = Deviation([.. sampled.Select(v => v.Select(x => x - v.Average()).ToArray())], sampled.Length * (seeds - 1));
        residual = Deviation([.. sampled.Select(v => v.Select((x, s) => x - v.Average() - sampled.Average(o => o[s]) + sampled.Average(o => o.Average())).ToArray())], (sampled.Length - 1) * (seeds - 1));
    }

    public Metric Metric { get; }

    /// <summary>Whether an arm has the number.</summary>
    public bool Has(string arm) => values.ContainsKey(arm);

    /// <summary>Mean over seeds with its 95 % interval; of zero width where neither seeds nor clips make it vary.</summary>
    public Interval Of(string arm)
    {
        var mean = values[arm].Average();
        var ofSeeds = within.Freedom > 0 && values[arm].Max() - values[arm].Min() > Smallest ? StudentT.InvCDF(0, 1, within.Freedom, 0.975) * within.Deviation / Math.Sqrt(values[arm].Length) : 0;
        var reach = Math.Sqrt((ofSeeds * ofSeeds) + Math.Pow(Normal95 * clipErrors[arm], 2));
        return new Interval(mean, Math.Max(Math.Min(mean, Metric.Lowest), mean - reach), Math.Min(Math.Max(mean, Metric.Highest), mean + reach));
    }

    /// <summary>An arm minus the reference, with an interval that holds at 95 % for all comparisons with it together (Bonferroni); null where it can't be told.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="comparisons">Number of arms that are compared with it.</param>
    public Interval? Difference(string arm, string reference, int comparisons)
    {
        if (residual.Freedom < 1 || !Has(arm) || !Has(reference)) return null;
        var (a, b) = (values[arm], values[reference]);
        var deviation = Math.Max(residual.Deviation, PairDeviation(a, b));
        var reach = StudentT.InvCDF(0, 1, residual.Freedom, 1 - (0.025 / comparisons)) * deviation * Math.Sqrt((1.0 / a.Length) + (1.0 / b.Length));
        var difference = a.Average() - b.Average();
        return new Interval(difference, difference - reach, difference + reach);
    }

    /// <summary>
    /// What the pair alone leaves once the means of both arms and of the seeds are taken off. Arms that hardly differ, having drawn the same noise, would make the pooled deviation too small
    /// for one that is of another kind.
    /// </summary>
    private static double PairDeviation(double[] a, double[] b)
    {
        if (a.Length != b.Length || a.Length < 2) return 0;
        double[] differences = [.. a.Zip(b, (x, y) => x - y)];
        return Math.Sqrt(differences.Sum(d => Math.Pow(d - differences.Average(), 2)) / (differences.Length - 1) / 2);
    }

    private static (double Deviation, int Freedom) Deviation(double[][] residuals, int freedom) =>
        freedom > 0 ? (Math.Sqrt(residuals.Sum(r => r.Sum(x => x * x)) / freedom), freedom) : (double.NaN, 0);
}
