namespace MimiiGen.Evaluation.Clustering;

/// <summary>Agglomerative clustering: every point begins as a cluster, and the nearest two become one until all are (Lance and Williams 1967).</summary>
/// <param name="Points">Number of points.</param>
/// <param name="Merges">In their order: a point of either cluster, and their distance.</param>
public sealed record Agglomeration(int Points, IReadOnlyList<(int First, int Second, double Distance)> Merges)
{
    /// <summary>All merges of points.</summary>
    /// <param name="points">(points, dimensions), at least one.</param>
    /// <param name="linkage">What is near.</param>
    public static Agglomeration Of(double[][] points, Linkage linkage)
    {
        var distances = Clustering.Points.Distances(points);
        int[] sizes = [.. Enumerable.Repeat(1, points.Length)];
        var alive = Enumerable.Range(0, points.Length).ToList();
        int[] nearest = [.. alive.Select(NearestTo)];
        var merges = new List<(int First, int Second, double Distance)>();
        while (alive.Count > 1)
        {
            var into = alive.MinBy(i => distances[i][nearest[i]]);
            var gone = nearest[into];
            merges.Add((into, gone, distances[into][gone]));
            alive.Remove(gone);
            foreach (var other in alive)
                if (other != into)
                    distances[into][other] = distances[other][into] = Joined(linkage, distances[into][other], distances[gone][other], distances[into][gone], sizes[into], sizes[gone], sizes[other]);
            sizes[into] += sizes[gone];
            if (alive.Count == 1) break;
            foreach (var i in alive)
                if (i == into || nearest[i] == gone || nearest[i] == into) nearest[i] = NearestTo(i);
                else if (distances[i][into] < distances[i][nearest[i]]) nearest[i] = into;
        }

        return new Agglomeration(points.Length, merges);

        int NearestTo(int i) => points.Length == 1 ? 0 : alive.Where(j => j != i).MinBy(j => distances[i][j]);
    }

    /// <summary>The cluster of each point, from 0, where so many clusters are left.</summary>
    public int[] Labels(int clusters)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(clusters);
        int[] labels = [.. Enumerable.Range(0, Points)];
        foreach (var (first, second, _) in Merges.Take(Points - clusters))
        {
            var (to, from) = (labels[first], labels[second]);
            for (var i = 0; i < labels.Length; i++)
                if (labels[i] == from) labels[i] = to;
        }

        var names = labels.Distinct().ToList();
        return [.. labels.Select(l => names.IndexOf(l))];
    }

    private static double Joined(Linkage linkage, double a, double b, double between, int sizeA, int sizeB, int sizeOther) => linkage switch
    {
        Linkage.Single => Math.Min(a, b),
        Linkage.Complete => Math.Max(a, b),
        Linkage.Average => ((sizeA * a) + (sizeB * b)) / (sizeA + sizeB),
        _ => Math.Sqrt((((sizeOther + sizeA) * a * a) + ((sizeOther + sizeB) * b * b) - (sizeOther * between * between)) / (sizeA + sizeB + sizeOther)),
    };
}
