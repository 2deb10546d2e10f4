namespace MimiiGen.Experiments.Measuring;

/// <summary>One number of one arm and seed.</summary>
/// <param name="Metric">Name of the <see cref="Metric"/>.</param>
/// <param name="Value">The number; null where it can't be had, such as a distance to too few clips.</param>
/// <param name="Low">Lower bound of its 95 % interval over clips; null where there is none.</param>
/// <param name="High">Upper bound.</param>
public sealed record Measure(string Metric, double? Value, double? Low = null, double? High = null)
{
    internal static Measure Of(Metric metric, Evaluation.Interval interval) => new(metric.Name, interval.Estimate, interval.Low, interval.High);

    internal static Measure Of(Metric metric, double? value) => new(metric.Name, value);
}
