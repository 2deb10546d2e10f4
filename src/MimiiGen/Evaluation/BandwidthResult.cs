namespace MimiiGen.Evaluation;

/// <summary>The result of a <see cref="BandwidthStudy"/>.</summary>
/// <param name="Model">Name of the model whose codec it is.</param>
/// <param name="RealAuc">Of each machine, by name and id: the detector's AUC on the original clips.</param>
/// <param name="Rows">One a machine and bandwidth, the unquantised first.</param>
/// <param name="Detector">The detector and how it was trained.</param>
/// <param name="Seed">Of the detectors and the intervals.</param>
/// <param name="Seconds">It took.</param>
public sealed record BandwidthResult(
    string Model, IReadOnlyDictionary<string, Interval> RealAuc, IReadOnlyList<BandwidthRow> Rows, string Detector, ulong Seed, double Seconds);
