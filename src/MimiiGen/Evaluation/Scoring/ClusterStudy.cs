using MimiiGen.Evaluation.Clustering;
using MimiiGen.Evaluation.Embedding;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Scoring;

/// <summary>
/// How varied generated clips are: real and generated ones clustered together in the first principal components of their embeddings, which real clusters
/// are covered, the spread within a condition, and a map.
/// </summary>
/// <param name="embedder">The embedding model.</param>
/// <param name="options">Channel, cache, seed.</param>
public sealed class ClusterStudy(IClipEmbedder embedder, ScoreOptions options)
{
    private const int MostComponents = 10;
    private const int MostClusters = 8;
    private const int SmallestCluster = 5;
    private const int Fewest = 2 * SmallestCluster; // clips of both sides together

    /// <summary>Compares the clips of two folders.</summary>
    /// <param name="realFolder">Real clips, anomalies say.</param>
    /// <param name="generatedFolder">Generated clips of the same kinds.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="stop">Stops.</param>
    /// <exception cref="BadInputException">As for <see cref="ComparedSets.Read"/>, or there are too few clips.</exception>
    public ClusterResult Run(string realFolder, string generatedFolder, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        using var sets = ComparedSets.Read(realFolder, generatedFolder, embedder, options, progress, stop);
        var (real, generated) = (sets.Real.Clips.Count, sets.Generated.Clips.Count);
        if (real + generated < Fewest) throw new BadInputException($"clusters need at least {Fewest} clips on both sides together, there are {real + generated}");
        var (labels, unknown) = Groups(realFolder, generatedFolder, sets);
        using var scope = NewDisposeScope();
        var (points, shares) = PrincipalComponents.Of(cat([sets.Real.Means, sets.Generated.Means], 0), MostComponents);
        var clusters = BestNumber(points);
        ClusterRow[] rows =
        [
            Row("k-means", points, KMeans.Of(points, clusters, options.Seed).Labels, real),
            Row("agglomerative (Ward)", points, Agglomeration.Of(points, Linkage.Ward).Labels(clusters), real),
            Row("HDBSCAN", points, Hdbscan.Of(points, SmallestCluster).Labels, real),
        ];
        var names = sets.Real.Clips.Concat(sets.Generated.Clips).Select(c => c.Name);
        return new ClusterResult(
            new ScoreSide(realFolder, real, sets.Real.Seconds),
            new ScoreSide(generatedFolder, generated, sets.Generated.Seconds),
            unknown is null ? sets.Notes : [.. sets.Notes, unknown],
            embedder.Name,
            embedder.WeightsHash,
            points[0].Length,
            shares.Sum(),
            rows,
            ConditionSpread.Of(sets, labels[..real], labels[real..], options.Seed),
            [.. names.Select((name, i) => new MapPoint(name, i >= real, points[i][0], points[i].Length > 1 ? points[i][1] : 0, labels[i]))],
            [.. shares.Take(2)]);
    }

    /// <summary>What each clip is, the real ones first; one group a side where that isn't known.</summary>
    private static (string[] Labels, string? Unknown) Groups(string realFolder, string generatedFolder, ComparedSets sets)
    {
        try
        {
            return ([.. ClipLabels.Of(realFolder, sets.Real.Clips).Concat(ClipLabels.Of(generatedFolder, sets.Generated.Clips)).Select(m => m.ConditionKey)], null);
        }
        catch (BadInputException e)
        {
            return ([.. Enumerable.Repeat("all clips", sets.Real.Clips.Count + sets.Generated.Clips.Count)], $"conditions aren't known, all clips are taken as of one: {e.Message}");
        }
    }

    /// <summary>The number of k-means clusters with the best silhouette.</summary>
    private int BestNumber(double[][] points) =>
        Enumerable.Range(2, Math.Min(MostClusters, points.Length - 1) - 1).MaxBy(k =>
        {
            var labels = KMeans.Of(points, k, options.Seed).Labels;
            return labels.Distinct().Count() < 2 ? double.NegativeInfinity : ClusterQuality.Silhouette(points, labels);
        });

    private static ClusterRow Row(string method, double[][] points, int[] labels, int real)
    {
        int[] inside = [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] >= 0)];
        var clusters = inside.Select(i => labels[i]).Distinct().Count();
        double? silhouette = clusters < 2 ? null : ClusterQuality.Silhouette([.. inside.Select(i => points[i])], [.. inside.Select(i => labels[i])]);
        var ofReal = labels[..real].Where(l => l >= 0).ToHashSet();
        var ofGenerated = labels[real..].Where(l => l >= 0).ToHashSet();
        var clustered = labels[..real].Count(l => l >= 0);
        return new ClusterRow(
            method,
            clusters,
            silhouette,
            ofReal.Count,
            ofReal.Count(ofGenerated.Contains),
            (double)labels[..real].Count(l => l >= 0 && ofGenerated.Contains(l)) / clustered,
            (double)labels[real..].Count(l => !ofReal.Contains(l)) / (labels.Length - real));
    }
}
