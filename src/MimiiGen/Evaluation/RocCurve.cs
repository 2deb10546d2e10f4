namespace MimiiGen.Evaluation;

/// <summary>
/// The receiver operating characteristic of an anomaly detector: how many anomalies are found (true-positive rate)
/// for how many normal clips flagged (false-positive rate), over all thresholds. Higher score = more anomalous;
/// equal scores make one sloped step, so that the area counts a tie as half. Same numbers as scikit-learn's
/// <c>roc_curve</c>, <c>roc_auc_score</c> and <c>average_precision_score</c>.
/// </summary>
public sealed class RocCurve
{
    private readonly long[] flaggedNormals;
    private readonly long[] foundAnomalies;

    private RocCurve(double[] thresholds, long[] flaggedNormals, long[] foundAnomalies)
    {
        this.flaggedNormals = flaggedNormals;
        this.foundAnomalies = foundAnomalies;
        Thresholds = thresholds;
        FalsePositiveRates = Rates(flaggedNormals);
        TruePositiveRates = Rates(foundAnomalies);
    }

    /// <summary>Descending thresholds; a clip is flagged when its score is at least the threshold. The first is +infinity.</summary>
    public IReadOnlyList<double> Thresholds { get; }

    /// <summary>Share of the normal clips flagged at each threshold, ascending from 0 to 1.</summary>
    public IReadOnlyList<double> FalsePositiveRates { get; }

    /// <summary>Share of the anomalous clips found at each threshold, ascending from 0 to 1.</summary>
    public IReadOnlyList<double> TruePositiveRates { get; }

    /// <summary>AUC: the probability that an anomaly scores above a normal clip, ties counted half; 0.5 is chance.</summary>
    public double Area => Trapezia(FalsePositiveRates, TruePositiveRates, Thresholds.Count);

    /// <summary>Mean precision over the recalls, weighted by the steps in recall (no interpolation).</summary>
    public double AveragePrecision
    {
        get
        {
            double sum = 0;
            for (var i = 1; i < foundAnomalies.Length; i++)
                sum += (TruePositiveRates[i] - TruePositiveRates[i - 1]) * foundAnomalies[i] / (foundAnomalies[i] + flaggedNormals[i]);
            return sum;
        }
    }

    /// <summary>The curve of two groups of scores.</summary>
    /// <exception cref="BadInputException">A group is empty, or a score is NaN or infinite.</exception>
    public static RocCurve Of(IReadOnlyCollection<double> normalScores, IReadOnlyCollection<double> anomalyScores)
    {
        ArgumentNullException.ThrowIfNull(normalScores);
        ArgumentNullException.ThrowIfNull(anomalyScores);
        if (normalScores.Count == 0 || anomalyScores.Count == 0)
            throw new BadInputException($"AUC needs clips of both classes: there are {normalScores.Count} normal and {anomalyScores.Count} anomalous scores");
        var ascending = Ordered(normalScores, "normal");
        var anomalies = Ordered(anomalyScores, "anomalous");
        var thresholds = new List<double> { double.PositiveInfinity };
        var flagged = new List<long> { 0 };
        var found = new List<long> { 0 };
        int n = ascending.Length, a = anomalies.Length;
        while (n > 0 || a > 0)
        {
            var threshold = Math.Max(n > 0 ? ascending[n - 1] : double.NegativeInfinity, a > 0 ? anomalies[a - 1] : double.NegativeInfinity);
            while (n > 0 && ascending[n - 1] == threshold) n--;
            while (a > 0 && anomalies[a - 1] == threshold) a--;
            thresholds.Add(threshold);
            flagged.Add(ascending.Length - n);
            found.Add(anomalies.Length - a);
        }

        return new RocCurve([.. thresholds], [.. flagged], [.. found]);
    }

    /// <summary>
    /// pAUC: the area up to a false-positive rate, standardised as McClish (1989) so that 0.5 is chance and 1 is perfect:
    /// (1 + (A - m²/2) / (m - m²/2)) / 2. The curve is interpolated at m; m = 1 gives the AUC.
    /// </summary>
    /// <param name="maxFalsePositiveRate">m, in (0, 1]; DCASE Task 2 takes 0.1.</param>
    public double PartialArea(double maxFalsePositiveRate = 0.1)
    {
        var m = maxFalsePositiveRate;
        if (!(m > 0 && m <= 1)) throw new ArgumentOutOfRangeException(nameof(maxFalsePositiveRate), m, "a rate above 0, up to 1");
        if (m == 1) return Area;
        var within = 0;
        while (FalsePositiveRates[within] <= m) within++;
        var (x0, y0) = (FalsePositiveRates[within - 1], TruePositiveRates[within - 1]);
        var (x1, y1) = (FalsePositiveRates[within], TruePositiveRates[within]);
        var y = y0 + ((m - x0) / (x1 - x0) * (y1 - y0));
        var area = Trapezia(FalsePositiveRates, TruePositiveRates, within) + ((m - x0) * (y0 + y) / 2);
        var least = m * m / 2;
        return 0.5 * (1 + ((area - least) / (m - least)));
    }

    /// <summary>The same curve without the inner points of straight runs: what a plot needs.</summary>
    public RocCurve WithoutStraightRuns()
    {
        var last = Thresholds.Count - 1;
        // the point at +infinity and the corners of what follows, as scikit-learn's drop_intermediate keeps them
        int[] kept = [.. Enumerable.Range(0, last + 1).Where(i => i <= 1 || i == last || Turns(flaggedNormals, i) || Turns(foundAnomalies, i))];
        return new RocCurve([.. kept.Select(i => Thresholds[i])], [.. kept.Select(i => flaggedNormals[i])], [.. kept.Select(i => foundAnomalies[i])]);
    }

    private static bool Turns(long[] counts, int i) => counts[i + 1] - counts[i] != counts[i] - counts[i - 1];

    private static double[] Rates(long[] counts) => [.. counts.Select(c => (double)c / counts[^1])];

    private static double[] Ordered(IReadOnlyCollection<double> scores, string what)
    {
        double[] ordered = [.. scores.Order()];
        var bad = ordered.Count(s => !double.IsFinite(s));
        return bad == 0 ? ordered : throw new BadInputException($"{bad} of {ordered.Length} {what} scores are NaN or infinite: a detector that can't score a clip must leave it out");
    }

    private static double Trapezia(IReadOnlyList<double> x, IReadOnlyList<double> y, int count)
    {
        double area = 0;
        for (var i = 1; i < count; i++) area += (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2;
        return area;
    }
}
