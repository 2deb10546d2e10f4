namespace MimiiGen.Evaluation.Clustering;

/// <summary>
/// HDBSCAN's tree of clusters as density grows: a split into two parts that are both large enough makes two clusters, otherwise points merely fall out of
/// their cluster. Numbers below the number of points are points, others clusters; the first of these is the root.
/// </summary>
/// <param name="Edges">Parent cluster, child (a point or cluster), density at which the child leaves, and its points.</param>
/// <param name="Root">The cluster of all points.</param>
internal sealed record CondensedTree(IReadOnlyList<(int Parent, int Child, double Lambda, int Size)> Edges, int Root)
{
    /// <param name="spanning">Edges of the minimum spanning tree by distance.</param>
    /// <param name="points">Number of points.</param>
    /// <param name="smallest">Points of the smallest cluster.</param>
    public static CondensedTree Of(IReadOnlyList<(int A, int B, double Distance)> spanning, int points, int smallest)
    {
        var (merges, sizes) = Hierarchy(spanning, points);
        var edges = new List<(int Parent, int Child, double Lambda, int Size)>();
        var next = points + 1;
        var open = new Queue<(int Node, int Cluster)>([((2 * points) - 2, points)]);
        while (open.TryDequeue(out var at))
        {
            var (left, right, distance) = merges[at.Node - points];
            var lambda = distance > 0 ? 1 / distance : double.PositiveInfinity;
            var split = sizes[left] >= smallest && sizes[right] >= smallest;
            foreach (var side in new[] { left, right })
            {
                if (sizes[side] < smallest)
                {
                    edges.AddRange(PointsBelow(side).Select(p => (at.Cluster, p, lambda, 1)));
                    continue;
                }

                if (split) edges.Add((at.Cluster, next, lambda, sizes[side]));
                open.Enqueue((side, split ? next++ : at.Cluster));
            }
        }

        return new CondensedTree(edges, points);

        IEnumerable<int> PointsBelow(int node)
        {
            var stack = new Stack<int>([node]);
            while (stack.TryPop(out var top))
            {
                if (top < points) yield return top;
                else foreach (var side in new[] { merges[top - points].Left, merges[top - points].Right }) stack.Push(side);
            }
        }
    }

    /// <summary>The clusters whose points last longest in them; never the root.</summary>
    public IReadOnlySet<int> ExcessOfMass()
    {
        var births = Edges.Where(e => e.Child > Root).ToDictionary(e => e.Child, e => e.Lambda);
        var clusters = births.Keys.Order().ToArray();
        var stability = clusters.ToDictionary(c => c, c => Edges.Where(e => e.Parent == c).Sum(e => (e.Lambda - births[c]) * e.Size));
        var chosen = clusters.ToHashSet();
        foreach (var cluster in clusters.Reverse())
        {
            int[] children = [.. Edges.Where(e => e.Parent == cluster && e.Child > Root).Select(e => e.Child)];
            var below = children.Sum(c => stability[c]);
            if (children.Length > 0 && below > stability[cluster])
            {
                chosen.Remove(cluster);
                stability[cluster] = below;
            }
            else
            {
                chosen.ExceptWith(Descendants(cluster));
            }
        }

        return chosen;
    }

    /// <summary>A cluster, its parent, and so on to the root.</summary>
    public IEnumerable<int> Ancestors(int cluster)
    {
        var parents = Edges.Where(e => e.Child > Root).ToDictionary(e => e.Child, e => e.Parent);
        for (; ; cluster = parents[cluster])
        {
            yield return cluster;
            if (cluster == Root) yield break;
        }
    }

    private IEnumerable<int> Descendants(int cluster) =>
        Edges.Where(e => e.Parent == cluster && e.Child > Root).SelectMany(e => Descendants(e.Child).Prepend(e.Child));

    /// <summary>Single linkage: each merge makes a node numbered from the number of points on.</summary>
    private static ((int Left, int Right, double Distance)[] Merges, int[] Sizes) Hierarchy(IReadOnlyList<(int A, int B, double Distance)> spanning, int points)
    {
        int[] owner = [.. Enumerable.Range(0, (2 * points) - 1)];
        int[] sizes = [.. Enumerable.Repeat(1, points), .. new int[points - 1]];
        var merges = spanning.Select((edge, i) =>
        {
            var (left, right, node) = (Top(edge.A), Top(edge.B), points + i);
            owner[left] = owner[right] = node;
            sizes[node] = sizes[left] + sizes[right];
            return (left, right, edge.Distance);
        }).ToArray();
        return (merges, sizes);

        int Top(int node)
        {
            while (owner[node] != node) node = owner[node] = owner[owner[node]];
            return node;
        }
    }
}
