namespace MimiiGen.Evaluation.Clustering;

/// <summary>
/// HDBSCAN (Campello et al. 2013): clusters of any shape and density, and points that belong to none. Clusters are chosen by excess of mass; core
/// distances count the point itself, as scikit-learn's do.
/// </summary>
/// <param name="Labels">The cluster of each point, from 0; -1 for none.</param>
/// <param name="Probabilities">How firmly each point belongs to its cluster, 0 to 1.</param>
public sealed record Hdbscan(int[] Labels, double[] Probabilities)
{
    /// <summary>Clusters points.</summary>
    /// <param name="points">(points, dimensions), more than <paramref name="smallest"/>.</param>
    /// <param name="smallest">Points of the smallest cluster, at least 2.</param>
    public static Hdbscan Of(double[][] points, int smallest)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfLessThan(smallest, 2);
        if (points.Length <= smallest) throw new BadInputException($"HDBSCAN with clusters of {smallest} needs more than that many points, there are {points.Length}");
        var tree = CondensedTree.Of(SpanningTree(points, smallest), points.Length, smallest);
        var chosen = tree.ExcessOfMass();
        var names = chosen.Order().Select((cluster, label) => (cluster, label)).ToDictionary(c => c.cluster, c => c.label);
        var labels = new int[points.Length];
        var probabilities = new double[points.Length];
        foreach (var leaf in tree.Edges.Where(e => e.Child < points.Length))
        {
            var cluster = tree.Ancestors(leaf.Parent).FirstOrDefault(names.ContainsKey, -1);
            labels[leaf.Child] = cluster < 0 ? -1 : names[cluster];
            if (cluster < 0) continue;
            var densest = tree.Edges.Where(e => e.Parent == cluster).Max(e => e.Lambda);
            probabilities[leaf.Child] = densest == 0 || !double.IsFinite(densest) ? 1 : Math.Min(leaf.Lambda, densest) / densest;
        }

        return new Hdbscan(labels, probabilities);
    }

    /// <summary>The minimum spanning tree (Prim) of mutual reachability: no two points are nearer than either's distance to its k-th neighbour.</summary>
    private static (int A, int B, double Distance)[] SpanningTree(double[][] points, int k)
    {
        var distances = Points.Distances(points);
        double[] core = [.. distances.Select(row => row.Order().ElementAt(k - 1))];
        var best = Enumerable.Repeat((From: 0, Distance: double.PositiveInfinity), points.Length).ToArray();
        var outside = Enumerable.Range(1, points.Length - 1).ToList();
        var edges = new List<(int A, int B, double Distance)>();
        for (var current = 0; outside.Count > 0;)
        {
            foreach (var i in outside)
            {
                var reach = Math.Max(distances[current][i], Math.Max(core[current], core[i]));
                if (reach < best[i].Distance) best[i] = (current, reach);
            }

            var next = outside.MinBy(i => best[i].Distance);
            edges.Add((best[next].From, next, best[next].Distance));
            outside.Remove(next);
            current = next;
        }

        return [.. edges.OrderBy(e => e.Distance)];
    }
}
