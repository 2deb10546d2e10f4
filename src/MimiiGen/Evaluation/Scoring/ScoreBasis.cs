namespace MimiiGen.Evaluation.Scoring;

/// <summary>The clips behind a number.</summary>
internal sealed record ScoreBasis(IReadOnlyCollection<ScoredClip> Real, IReadOnlyCollection<ScoredClip> Generated)
{
    public double RealSeconds => Real.Sum(c => c.Facts.Seconds);

    public double GeneratedSeconds => Generated.Sum(c => c.Facts.Seconds);
}
