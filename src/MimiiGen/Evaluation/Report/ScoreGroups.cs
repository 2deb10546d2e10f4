namespace MimiiGen.Evaluation.Report;

/// <summary>Scores of the four groups of clips.</summary>
/// <param name="RealNormal">Real normal test clips.</param>
/// <param name="RealAnomaly">Real anomalous test clips.</param>
/// <param name="GeneratedNormal">Generated normal clips.</param>
/// <param name="GeneratedAnomaly">Generated anomalous clips.</param>
public sealed record ScoreGroups(
    IReadOnlyList<ClipScore> RealNormal,
    IReadOnlyList<ClipScore> RealAnomaly,
    IReadOnlyList<ClipScore> GeneratedNormal,
    IReadOnlyList<ClipScore> GeneratedAnomaly);
