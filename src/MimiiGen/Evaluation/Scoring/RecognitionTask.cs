namespace MimiiGen.Evaluation.Scoring;

/// <summary>How well a classifier that learnt from real clips recognises one property of others.</summary>
/// <param name="Property">fault or condition.</param>
/// <param name="Classes">Its values among the real clips.</param>
/// <param name="RealAccuracy">Share of held-out real clips that are recognised, with its 95 % interval.</param>
/// <param name="GeneratedAccuracy">Share of generated clips that are recognised as what they were made for, with its 95 % interval.</param>
/// <param name="RealChance">What always naming the most frequent real class would reach on the real clips.</param>
/// <param name="GeneratedChance">The same answer on the generated clips.</param>
/// <param name="RealClips">Number of real clips.</param>
/// <param name="GeneratedClips">Number of generated clips.</param>
/// <param name="Verdict">In words.</param>
public sealed record RecognitionTask(
    string Property,
    IReadOnlyList<string> Classes,
    Interval RealAccuracy,
    Interval GeneratedAccuracy,
    double RealChance,
    double GeneratedChance,
    int RealClips,
    int GeneratedClips,
    string Verdict);
