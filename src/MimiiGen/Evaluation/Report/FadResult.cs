namespace MimiiGen.Evaluation.Report;

/// <summary>Fréchet audio distance, with what is needed to compare it with another one.</summary>
/// <param name="Value">Generated clips against real test clips.</param>
/// <param name="Floor">Real training clips against real test clips: what real sound itself gets with so few clips.</param>
/// <param name="RealEmbeddings">Number of embeddings of real test clips.</param>
/// <param name="GeneratedEmbeddings">Number of embeddings of generated clips.</param>
public sealed record FadResult(double Value, double Floor, int RealEmbeddings, int GeneratedEmbeddings);
