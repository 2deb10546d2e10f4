namespace MimiiGen.Evaluation.Scoring;

/// <summary>What one side of a comparison consists of.</summary>
/// <param name="Folder">The folder that was given.</param>
/// <param name="Clips">Number of clips.</param>
/// <param name="Seconds">Their length in all.</param>
public sealed record ScoreSide(string Folder, int Clips, double Seconds);
