namespace MimiiGen.Evaluation.Report;

/// <summary>What one detector makes of one machine's real and generated clips.</summary>
/// <param name="Detector">The detector's name on the command line: <c>knn</c>.</param>
/// <param name="Name">The same in words.</param>
/// <param name="Failure">Why it gave no scores, in one line; null where it gave them.</param>
/// <param name="Outcome">What it found; null where it failed.</param>
public sealed record DetectorComparison(string Detector, string Name, string? Failure, DetectorOutcome? Outcome);
