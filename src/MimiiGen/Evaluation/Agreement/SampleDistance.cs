namespace MimiiGen.Evaluation.Agreement;

/// <summary>How far two samples of scores lie apart.</summary>
public static class SampleDistance
{
    /// <summary>Wasserstein-1: the area between the cumulative distributions, in the unit of the values.</summary>
    public static double Wasserstein(IReadOnlyCollection<double> a, IReadOnlyCollection<double> b) => Walk(a, b, (sum, gap, width) => sum + (gap * width));

    /// <summary>Kolmogorov and Smirnov's statistic: the largest gap between the cumulative distributions, 0 to 1.</summary>
    public static double KolmogorovSmirnov(IReadOnlyCollection<double> a, IReadOnlyCollection<double> b) => Walk(a, b, (largest, gap, _) => Math.Max(largest, gap));

    /// <summary>Jensen and Shannon's divergence of two histograms over the same bins, in bits: 0 the same, 1 nothing in common.</summary>
    public static double JensenShannon(IReadOnlyList<int> a, IReadOnlyList<int> b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        var (sumA, sumB) = ((double)a.Sum(), (double)b.Sum());
        var divergence = 0.0;
        for (var i = 0; i < a.Count; i++)
        {
            var (p, q) = (a[i] / sumA, b[i] / sumB);
            divergence += (Part(p, (p + q) / 2) + Part(q, (p + q) / 2)) / 2;
        }

        return divergence;

        static double Part(double p, double middle) => p == 0 ? 0 : p * Math.Log2(p / middle);
    }

    /// <summary>The same of two samples, in bins of equal width over both.</summary>
    public static double JensenShannon(IReadOnlyCollection<double> a, IReadOnlyCollection<double> b, int bins = 16)
    {
        var (low, high) = (Math.Min(a.Min(), b.Min()), Math.Max(a.Max(), b.Max()));
        return low == high ? 0 : JensenShannon(Counts(a), Counts(b));

        int[] Counts(IEnumerable<double> values)
        {
            var counts = new int[bins];
            foreach (var value in values) counts[Math.Min(bins - 1, (int)((value - low) / (high - low) * bins))]++;
            return counts;
        }
    }

    /// <summary>Takes each step from one value of either sample to the next with the gap between the cumulative distributions there.</summary>
    private static double Walk(IReadOnlyCollection<double> a, IReadOnlyCollection<double> b, Func<double, double, double, double> take)
    {
        if (a.Count == 0 || b.Count == 0) throw new BadInputException("a distance between distributions needs values of both");
        double[] x = [.. a.Order()], y = [.. b.Order()], all = [.. x.Concat(y).Order()];
        int i = 0, j = 0;
        var result = 0.0;
        for (var k = 0; k + 1 < all.Length; k++)
        {
            while (i < x.Length && x[i] <= all[k]) i++;
            while (j < y.Length && y[j] <= all[k]) j++;
            if (all[k + 1] > all[k]) result = take(result, Math.Abs(((double)i / x.Length) - ((double)j / y.Length)), all[k + 1] - all[k]);
        }

        return result;
    }
}
