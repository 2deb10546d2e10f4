using System.Text.Json.Serialization;

namespace MimiiGen.Evaluation;

/// <summary>An estimate with the bounds of its confidence interval.</summary>
/// <param name="Estimate">The statistic of the data itself; <c>value</c> in JSON.</param>
/// <param name="Low">Lower bound.</param>
/// <param name="High">Upper bound.</param>
public readonly record struct Interval([property: JsonPropertyName("value")] double Estimate, double Low, double High);
