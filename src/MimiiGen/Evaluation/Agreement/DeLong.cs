namespace MimiiGen.Evaluation.Agreement;

/// <summary>
/// Intervals of AUCs and of their differences without resampling (DeLong, DeLong and Clarke-Pearson 1988): normal approximation from the variances of
/// each clip's own part in the area. Bounds of an AUC are cut to 0 and 1.
/// </summary>
public static class DeLong
{
    private const double Normal95 = 1.959963984540054; // the 0.975 quantile of the normal distribution

    /// <summary>An AUC with its 95 % interval.</summary>
    /// <exception cref="BadInputException">A class has fewer than two clips, or a score is NaN or infinite.</exception>
    public static Interval Auc(IReadOnlyList<double> normals, IReadOnlyList<double> anomalies)
    {
        var parts = Parts.Of(normals, anomalies);
        var reach = Normal95 * Math.Sqrt(Covariance(parts, parts, sharedNormals: true, sharedAnomalies: true));
        return new Interval(parts.Area, Math.Max(0, parts.Area - reach), Math.Min(1, parts.Area + reach));
    }

    /// <summary>AUC(second) - AUC(first) with its 95 % interval; a group that is one and the same list in both counts as the same clips.</summary>
    /// <exception cref="BadInputException">As <see cref="Auc"/>.</exception>
    public static Interval Difference(
        (IReadOnlyList<double> Normals, IReadOnlyList<double> Anomalies) first, (IReadOnlyList<double> Normals, IReadOnlyList<double> Anomalies) second)
    {
        var (a, b) = (Parts.Of(first.Normals, first.Anomalies), Parts.Of(second.Normals, second.Anomalies));
        var shared = Covariance(a, b, ReferenceEquals(first.Normals, second.Normals), ReferenceEquals(first.Anomalies, second.Anomalies));
        var variance = Covariance(a, a, true, true) + Covariance(b, b, true, true) - (2 * shared);
        var reach = Normal95 * Math.Sqrt(Math.Max(0, variance));
        return new Interval(b.Area - a.Area, b.Area - a.Area - reach, b.Area - a.Area + reach);
    }

    /// <summary>Covariance of the AUCs of two detectors on the same clips.</summary>
    internal static double Covariance((IReadOnlyList<double> Normals, IReadOnlyList<double> Anomalies) first, (IReadOnlyList<double> Normals, IReadOnlyList<double> Anomalies) second) =>
        Covariance(Parts.Of(first.Normals, first.Anomalies), Parts.Of(second.Normals, second.Anomalies), true, true);

    private static double Covariance(Parts a, Parts b, bool sharedNormals, bool sharedAnomalies) =>
        (sharedAnomalies ? Covariance(a.OfAnomalies, b.OfAnomalies) / a.OfAnomalies.Length : 0) + (sharedNormals ? Covariance(a.OfNormals, b.OfNormals) / a.OfNormals.Length : 0);

    private static double Covariance(double[] a, double[] b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        return a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum() / (a.Length - 1);
    }

    /// <summary>For each anomaly the share of normal clips below it, for each normal clip the share of anomalies above it; ties count half.</summary>
    private sealed record Parts(double Area, double[] OfAnomalies, double[] OfNormals)
    {
        public static Parts Of(IReadOnlyList<double> normals, IReadOnlyList<double> anomalies)
        {
            if (normals.Count < 2 || anomalies.Count < 2) throw new BadInputException($"DeLong's interval needs two clips of each class: there are {normals.Count} normal and {anomalies.Count} anomalous scores");
            if (normals.Concat(anomalies).Any(s => !double.IsFinite(s))) throw new BadInputException("DeLong's interval needs finite scores: one is NaN or infinite");
            double[] found = [.. anomalies.Select(a => normals.Average(n => a > n ? 1 : a == n ? 0.5 : 0))];
            double[] passed = [.. normals.Select(n => anomalies.Average(a => a > n ? 1 : a == n ? 0.5 : 0))];
            return new Parts(found.Average(), found, passed);
        }
    }
}
