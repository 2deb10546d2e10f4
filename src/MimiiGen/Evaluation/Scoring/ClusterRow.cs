namespace MimiiGen.Evaluation.Scoring;

/// <summary>What one clustering of real and generated clips together says.</summary>
/// <param name="Method">k-means, agglomerative (Ward) or HDBSCAN.</param>
/// <param name="Clusters">Number of clusters.</param>
/// <param name="Silhouette">How tight and apart they are, -1 to 1; null where there is one cluster only.</param>
/// <param name="RealClusters">Clusters that hold real clips.</param>
/// <param name="CoveredClusters">Of these, the ones that hold generated clips too.</param>
/// <param name="Coverage">Share of the real clips that lie in such clusters; NaN where no real clip lies in a cluster.</param>
/// <param name="Foreign">Share of the generated clips that lie in clusters without real ones, or in none.</param>
public sealed record ClusterRow(string Method, int Clusters, double? Silhouette, int RealClusters, int CoveredClusters, double Coverage, double Foreign);
