namespace MimiiGen.Evaluation.Clustering;

/// <summary>k-means by Lloyd's iterations from given centres or from those of k-means++ (Arthur and Vassilvitskii 2007).</summary>
/// <param name="Labels">The cluster of each point, from 0.</param>
/// <param name="Centres">(clusters) points.</param>
/// <param name="Inertia">Sum of the squared distances of points to their centres.</param>
public sealed record KMeans(int[] Labels, double[][] Centres, double Inertia)
{
    private const int MostIterations = 300;

    /// <summary>The best of several runs from random centres.</summary>
    /// <param name="points">(points, dimensions).</param>
    /// <param name="clusters">Number of clusters, at least 1 and at most the number of points.</param>
    /// <param name="seed">Same seed, same clusters.</param>
    /// <param name="runs">Runs.</param>
    public static KMeans Of(double[][] points, int clusters, int seed, int runs = 10)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(clusters);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(clusters, points.Length);
        var random = new Random(seed);
        return Enumerable.Range(0, runs).Select(_ => From(points, Start(points, clusters, random))).MinBy(k => k.Inertia)!;
    }

    /// <summary>Lloyd's iterations from given centres until no point changes its cluster.</summary>
    /// <param name="points">(points, dimensions).</param>
    /// <param name="start">(clusters, dimensions).</param>
    public static KMeans From(double[][] points, double[][] start)
    {
        var centres = start.Select(c => c.ToArray()).ToArray();
        int[] labels = Nearest(points, centres);
        for (var i = 0; i < MostIterations; i++)
        {
            for (var c = 0; c < centres.Length; c++)
            {
                var own = points.Where((_, p) => labels[p] == c).ToArray();
                if (own.Length > 0) centres[c] = Points.Mean(own); // an empty cluster stays where it is
            }

            var next = Nearest(points, centres);
            if (next.SequenceEqual(labels)) break;
            labels = next;
        }

        return new KMeans(labels, centres, points.Select((p, i) => Points.Squared(p, centres[labels[i]])).Sum());
    }

    private static int[] Nearest(double[][] points, double[][] centres) =>
        [.. points.Select(p => Enumerable.Range(0, centres.Length).MinBy(c => Points.Squared(p, centres[c])))];

    /// <summary>k-means++: each next centre is a point drawn with its squared distance to the nearest centre as weight.</summary>
    private static double[][] Start(double[][] points, int clusters, Random random)
    {
        var centres = new List<double[]> { points[random.Next(points.Length)] };
        while (centres.Count < clusters)
        {
            double[] weights = [.. points.Select(p => centres.Min(c => Points.Squared(p, c)))];
            var at = random.NextDouble() * weights.Sum();
            var drawn = 0;
            while (drawn < points.Length - 1 && (at -= weights[drawn]) > 0) drawn++;
            centres.Add(points[drawn]);
        }

        return [.. centres];
    }
}
