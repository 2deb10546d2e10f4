namespace MimiiGen.Evaluation.Scoring;

/// <summary>One number of a comparison of generated with real clips, with all that is needed to get it again.</summary>
/// <param name="Metric">What was measured.</param>
/// <param name="Value">The number; null where there is none, and <see cref="Verdict"/> says why.</param>
/// <param name="Interval">Bounds of its 95 % interval by bootstrap over clips, [low, high]; null where there is none.</param>
/// <param name="RealClips">Number of real clips behind it.</param>
/// <param name="GeneratedClips">Number of generated clips behind it.</param>
/// <param name="Embedding">Name of the embedding; null for what is measured on the sound itself.</param>
/// <param name="WeightsSha256">SHA-256 of the embedding's weights.</param>
/// <param name="Resampler">How clips were brought to the sample rate; null where they weren't.</param>
/// <param name="SampleRate">Hz at which it was measured.</param>
/// <param name="RealSeconds">Seconds of real sound behind it.</param>
/// <param name="GeneratedSeconds">Seconds of generated sound behind it.</param>
public sealed record Score(
    string Metric,
    double? Value,
    double[]? Interval,
    int RealClips,
    int GeneratedClips,
    string? Embedding,
    string? WeightsSha256,
    string? Resampler,
    int SampleRate,
    double RealSeconds,
    double GeneratedSeconds)
{
    /// <summary>What a perfect generator would have.</summary>
    public string Right { get; init; } = "";

    /// <summary>The same number between two random halves of the real clips: what it is where nothing differs, with half the clips.</summary>
    public double? RealHalves { get; init; }

    /// <summary>The value of each generated clip by its name, where the number is a mean over clips; null otherwise.</summary>
    public IReadOnlyDictionary<string, double>? EachClip { get; init; }

    /// <summary>In words, why the number should not be taken at its face; null where it may be.</summary>
    public string? Verdict { get; init; }
}
