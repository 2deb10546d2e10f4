namespace MimiiGen.Evaluation.Scoring;

/// <summary>The training clip that a clip is nearest to.</summary>
/// <param name="Clip">The clip.</param>
/// <param name="Nearest">The training clip with the largest cosine.</param>
/// <param name="Cosine">Of their embeddings, -1 to 1.</param>
/// <param name="BestFit">The training clip with the largest cross-correlation, among those of the largest cosines.</param>
/// <param name="Correlation">The largest over all shifts, 0 to 1.</param>
/// <param name="ShiftSeconds">How much later than the training clip it fits best.</param>
public sealed record CopyMatch(string Clip, string Nearest, double Cosine, string BestFit, double Correlation, double ShiftSeconds);
