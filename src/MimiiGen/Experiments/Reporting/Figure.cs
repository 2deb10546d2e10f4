namespace MimiiGen.Experiments.Reporting;

/// <summary>A figure of a study.</summary>
/// <param name="File">Its file in the study's folder.</param>
/// <param name="Caption">What it shows, in words.</param>
public sealed record Figure(string File, string Caption);
