using MimiiGen.Detection;

namespace MimiiGen.Evaluation;

/// <summary>
/// Percentile bootstrap intervals (Efron 1979), resampling clips within each class, so that the sizes of the classes stay.
/// The same seed gives the same interval.
/// </summary>
public static class Bootstrap
{
    /// <summary>How often the clips are drawn anew unless told otherwise.</summary>
    public const int DefaultResamples = 2000;

    /// <summary>The interval of the AUC of one detector on one set of clips.</summary>
    public static Interval Auc(IReadOnlyList<double> normalScores, IReadOnlyList<double> anomalyScores, int seed, int resamples = DefaultResamples, double confidence = 0.95) =>
        Of([normalScores, anomalyScores], groups => RocCurve.Of(groups[0], groups[1]).Area, seed, resamples, confidence);

    /// <summary>The interval of the standardised partial AUC.</summary>
    public static Interval PartialAuc(IReadOnlyList<double> normalScores, IReadOnlyList<double> anomalyScores, int seed, double maxFalsePositiveRate = 0.1, int resamples = DefaultResamples, double confidence = 0.95) =>
        Of([normalScores, anomalyScores], groups => RocCurve.Of(groups[0], groups[1]).PartialArea(maxFalsePositiveRate), seed, resamples, confidence);

    /// <summary>
    /// The interval of AUC(second) - AUC(first). A group that is one and the same list in both (the real normal clips
    /// that real and generated anomalies are compared with) is drawn once for both, as it must be.
    /// </summary>
    public static Interval AucDifference(
        (IReadOnlyList<double> Normals, IReadOnlyList<double> Anomalies) first,
        (IReadOnlyList<double> Normals, IReadOnlyList<double> Anomalies) second,
        int seed,
        int resamples = DefaultResamples,
        double confidence = 0.95)
    {
        var groups = new List<IReadOnlyList<double>> { first.Normals, first.Anomalies };
        var normals = Place(second.Normals);
        var anomalies = Place(second.Anomalies);
        return Of(groups, drawn => RocCurve.Of(drawn[normals], drawn[anomalies]).Area - RocCurve.Of(drawn[0], drawn[1]).Area, seed, resamples, confidence);

        int Place(IReadOnlyList<double> group)
        {
            var at = groups.FindIndex(g => ReferenceEquals(g, group));
            if (at >= 0) return at;
            groups.Add(group);
            return groups.Count - 1;
        }
    }

    /// <summary>
    /// The interval of AUC(second) - AUC(first) where the second scores are of the same clips in the same order, changed in some way: a clip is drawn
    /// with its copy.
    /// </summary>
    public static Interval PairedAucDifference(
        (IReadOnlyList<double> Normals, IReadOnlyList<double> Anomalies) first,
        (IReadOnlyList<double> Normals, IReadOnlyList<double> Anomalies) second,
        int seed,
        int resamples = DefaultResamples,
        double confidence = 0.95)
    {
        double[][] places = [[.. Enumerable.Range(0, first.Normals.Count).Select(i => (double)i)], [.. Enumerable.Range(0, first.Anomalies.Count).Select(i => (double)i)]];
        return Of(places, drawn => Area(second, drawn) - Area(first, drawn), seed, resamples, confidence);

        static double Area((IReadOnlyList<double> Normals, IReadOnlyList<double> Anomalies) scores, IReadOnlyList<double[]> drawn) =>
            RocCurve.Of([.. drawn[0].Select(i => scores.Normals[(int)i])], [.. drawn[1].Select(i => scores.Anomalies[(int)i])]).Area;
    }

    /// <summary>The interval of any statistic of groups of values, each group resampled with replacement to its own size.</summary>
    /// <exception cref="BadInputException">A group is empty.</exception>
    public static Interval Of(
        IReadOnlyList<IReadOnlyList<double>> groups,
        Func<IReadOnlyList<double[]>, double> statistic,
        int seed,
        int resamples = DefaultResamples,
        double confidence = 0.95)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(statistic);
        if (groups.Any(g => g.Count == 0)) throw new BadInputException("an interval needs at least one clip of each class");
        var random = new Random(seed);
        double[][] drawn = [.. groups.Select(g => new double[g.Count])];
        var values = new double[resamples];
        for (var r = 0; r < resamples; r++)
        {
            for (var g = 0; g < drawn.Length; g++)
                for (var i = 0; i < drawn[g].Length; i++)
                    drawn[g][i] = groups[g][random.Next(drawn[g].Length)];
            values[r] = statistic(drawn);
        }

        var tail = (1 - confidence) / 2;
        return new Interval(statistic([.. groups.Select(g => g.ToArray())]), Quantile.Of(values, tail), Quantile.Of(values, 1 - tail));
    }
}
