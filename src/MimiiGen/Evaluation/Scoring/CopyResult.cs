namespace MimiiGen.Evaluation.Scoring;

/// <summary>How near generated clips come to training clips, and how near those come to one another.</summary>
/// <param name="Training">The training clips.</param>
/// <param name="Generated">The generated clips.</param>
/// <param name="Notes">What was odd about the clips, and what was done about it.</param>
/// <param name="Embedding">Name of the embedding.</param>
/// <param name="WeightsSha256">SHA-256 of its weights.</param>
/// <param name="Cosine">Nearest training clip by cosine: median over generated clips with its 95 % interval.</param>
/// <param name="RealCosine">The same between training clips.</param>
/// <param name="Correlation">Largest cross-correlation with a training clip: median over generated clips with its 95 % interval.</param>
/// <param name="RealCorrelation">The same between training clips.</param>
/// <param name="Copies">Generated clips that are nearer to a training clip than any training clip is to another, and correlate with it.</param>
/// <param name="Matches">Every generated clip.</param>
public sealed record CopyResult(
    ScoreSide Training,
    ScoreSide Generated,
    IReadOnlyList<string> Notes,
    string Embedding,
    string WeightsSha256,
    Interval Cosine,
    Interval RealCosine,
    Interval Correlation,
    Interval RealCorrelation,
    IReadOnlyList<CopyMatch> Copies,
    IReadOnlyList<CopyMatch> Matches);
