namespace MimiiGen.Evaluation.Scoring;

/// <summary>How varied generated clips are beside real ones.</summary>
/// <param name="Real">The real clips.</param>
/// <param name="Generated">The generated clips.</param>
/// <param name="Notes">What was odd about the clips, and what was done about it.</param>
/// <param name="Embedding">Name of the embedding.</param>
/// <param name="WeightsSha256">SHA-256 of its weights.</param>
/// <param name="Components">Principal components that were clustered.</param>
/// <param name="Explained">Share of the variance in them.</param>
/// <param name="Clusterings">One row a method.</param>
/// <param name="Spreads">One row a condition.</param>
/// <param name="Map">Every clip in the first two components.</param>
/// <param name="MapShares">Share of the variance that each of the map's axes explains.</param>
public sealed record ClusterResult(
    ScoreSide Real,
    ScoreSide Generated,
    IReadOnlyList<string> Notes,
    string Embedding,
    string WeightsSha256,
    int Components,
    double Explained,
    IReadOnlyList<ClusterRow> Clusterings,
    IReadOnlyList<SpreadRow> Spreads,
    IReadOnlyList<MapPoint> Map,
    IReadOnlyList<double> MapShares);
