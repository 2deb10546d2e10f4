namespace MimiiGen.Evaluation.Scoring;

/// <summary>Where a clip lies on the map.</summary>
/// <param name="Clip">Its name.</param>
/// <param name="Generated">Whether it is generated.</param>
/// <param name="X">First principal component.</param>
/// <param name="Y">Second principal component.</param>
/// <param name="Group">What it is, as far as that is known.</param>
public sealed record MapPoint(string Clip, bool Generated, double X, double Y, string Group);
