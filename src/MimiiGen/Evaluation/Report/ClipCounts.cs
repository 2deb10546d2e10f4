namespace MimiiGen.Evaluation.Report;

/// <summary>How many clips a machine's figures rest on.</summary>
/// <param name="TrainingNormal">Real normal clips that the detector was trained on.</param>
/// <param name="RealNormal">Real normal test clips.</param>
/// <param name="RealAnomaly">Real anomalous test clips.</param>
/// <param name="GeneratedNormal">Generated normal clips.</param>
/// <param name="GeneratedAnomaly">Generated anomalous clips.</param>
public sealed record ClipCounts(int TrainingNormal, int RealNormal, int RealAnomaly, int GeneratedNormal, int GeneratedAnomaly);
