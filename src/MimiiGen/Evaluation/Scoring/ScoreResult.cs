namespace MimiiGen.Evaluation.Scoring;

/// <summary>How generated clips compare with real ones.</summary>
/// <param name="Real">The real side.</param>
/// <param name="Generated">The generated side.</param>
/// <param name="Notes">What was odd about the clips, and what was done about it.</param>
/// <param name="Scores">Every number with its settings.</param>
/// <param name="Resamples">Draws behind an interval of a distance between sets.</param>
/// <param name="Seed">Where the draws started from.</param>
public sealed record ScoreResult(ScoreSide Real, ScoreSide Generated, IReadOnlyList<string> Notes, IReadOnlyList<Score> Scores, int Resamples, int Seed);
