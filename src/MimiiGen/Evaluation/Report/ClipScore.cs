namespace MimiiGen.Evaluation.Report;

/// <summary>The detector's score of one clip; higher is more anomalous.</summary>
/// <param name="Clip">The clip's file name.</param>
/// <param name="Score">The anomaly score.</param>
public readonly record struct ClipScore(string Clip, double Score);
