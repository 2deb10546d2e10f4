namespace MimiiGen.Evaluation.Clustering;

/// <summary>How good clusters are, and how alike two clusterings.</summary>
public static class ClusterQuality
{
    /// <summary>The silhouette (Rousseeuw 1987), mean over points: near 1 where clusters are tight and apart, below 0 where points are in the wrong one. A cluster of one point counts 0.</summary>
    /// <param name="points">(points, dimensions).</param>
    /// <param name="labels">The cluster of each point; at least two clusters.</param>
    /// <exception cref="BadInputException">There is one cluster only.</exception>
    public static double Silhouette(double[][] points, int[] labels)
    {
        ArgumentNullException.ThrowIfNull(points);
        int[] clusters = [.. labels.Distinct()];
        if (clusters.Length < 2) throw new BadInputException("a silhouette needs at least two clusters");
        var distances = Points.Distances(points);
        return Enumerable.Range(0, points.Length).Average(i =>
        {
            var own = labels.Count(l => l == labels[i]);
            if (own == 1) return 0;
            var within = SumTo(i, labels[i]) / (own - 1);
            var nearest = clusters.Where(c => c != labels[i]).Min(c => SumTo(i, c) / labels.Count(l => l == c));
            return (nearest - within) / Math.Max(nearest, within);
        });

        double SumTo(int i, int cluster) => Enumerable.Range(0, labels.Length).Where(j => labels[j] == cluster).Sum(j => distances[i][j]);
    }

    /// <summary>The adjusted Rand index (Hubert and Arabie 1985): 1 for the same clusters under any names, about 0 for unrelated ones.</summary>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    public static double AdjustedRand(IReadOnlyList<int> first, IReadOnlyList<int> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count != second.Count) throw new ArgumentException("two clusterings of the same points", nameof(second));
        var both = first.Zip(second).GroupBy(p => p).Sum(g => Couples(g.Count()));
        double a = first.GroupBy(l => l).Sum(g => Couples(g.Count())), b = second.GroupBy(l => l).Sum(g => Couples(g.Count()));
        var expected = a * b / Couples(first.Count);
        var most = (a + b) / 2;
        return most == expected ? 1 : (both - expected) / (most - expected);

        static double Couples(int n) => n * (n - 1) / 2.0;
    }
}
