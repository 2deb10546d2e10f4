namespace MimiiGen.Evaluation.Scoring;

/// <summary>Whether generated clips have the fault and the condition that they were made for.</summary>
/// <param name="Real">The real clips.</param>
/// <param name="Generated">The generated clips.</param>
/// <param name="Notes">What was odd about the clips, and what was done about it.</param>
/// <param name="Embedding">Name of the embedding.</param>
/// <param name="WeightsSha256">SHA-256 of its weights.</param>
/// <param name="Tasks">Fault and condition, as far as there are several.</param>
public sealed record RecognitionResult(ScoreSide Real, ScoreSide Generated, IReadOnlyList<string> Notes, string Embedding, string WeightsSha256, IReadOnlyList<RecognitionTask> Tasks);
