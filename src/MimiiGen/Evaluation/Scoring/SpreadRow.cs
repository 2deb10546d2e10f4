namespace MimiiGen.Evaluation.Scoring;

/// <summary>How much clips of one kind differ, real and generated: root mean square distance to their mean (divided by n - 1) in the embedding.</summary>
/// <param name="Condition">What the clips have in common; for generated ones, what their caption was written from.</param>
/// <param name="Real">Spread of the real clips; null where there are fewer than two.</param>
/// <param name="Generated">Spread of the generated clips; null where there are fewer than two.</param>
/// <param name="Ratio">Generated over real with its 95 % interval by bootstrap over clips; right would be 1, near 0 is a generator that repeats itself.</param>
/// <param name="RealClips">Number of real clips.</param>
/// <param name="GeneratedClips">Number of generated clips.</param>
public sealed record SpreadRow(string Condition, double? Real, double? Generated, Interval? Ratio, int RealClips, int GeneratedClips);
