namespace MimiiGen.Evaluation.Agreement;

/// <summary>How far two rankings agree: 1 the same, 0 unrelated, -1 reversed. NaN where one of them has no order at all.</summary>
public static class RankCorrelation
{
    /// <summary>Kendall's tau-b: pairs in the same order less those in the opposite one, over the pairs that aren't tied.</summary>
    public static double Kendall(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        Check(a, b);
        long sum = 0, untiedA = 0, untiedB = 0;
        for (var i = 0; i < a.Count; i++)
            for (var j = 0; j < i; j++)
            {
                var (x, y) = (Math.Sign(a[i] - a[j]), Math.Sign(b[i] - b[j]));
                sum += x * y;
                untiedA += Math.Abs(x);
                untiedB += Math.Abs(y);
            }

        return sum / Math.Sqrt((double)untiedA * untiedB);
    }

    /// <summary>Spearman's rho: Pearson's correlation of the ranks, ties sharing their mean rank.</summary>
    public static double Spearman(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        Check(a, b);
        var (x, y) = (Ranks(a), Ranks(b));
        var mean = (a.Count - 1) / 2.0;
        double xy = 0, xx = 0, yy = 0;
        for (var i = 0; i < x.Length; i++)
        {
            xy += (x[i] - mean) * (y[i] - mean);
            xx += (x[i] - mean) * (x[i] - mean);
            yy += (y[i] - mean) * (y[i] - mean);
        }

        return xy / Math.Sqrt(xx * yy);
    }

    private static double[] Ranks(IReadOnlyList<double> values) => [.. values.Select(v => values.Count(o => o < v) + ((values.Count(o => o == v) - 1) / 2.0))];

    private static void Check(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Count != b.Count) throw new ArgumentException($"{a.Count} values against {b.Count}", nameof(b));
    }
}
