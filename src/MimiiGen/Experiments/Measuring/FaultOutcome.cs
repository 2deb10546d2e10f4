using MimiiGen.Evaluation;

namespace MimiiGen.Experiments.Measuring;

/// <summary>What a detector makes of one fault of one machine, real and generated.</summary>
/// <param name="Machine">Machine type and id.</param>
/// <param name="Fault">The fault; anomaly where the data names none.</param>
/// <param name="Detector">The detector.</param>
/// <param name="Clips">Faulty clips of it, of each kind.</param>
/// <param name="RealAuc">Real normal clips against real faulty ones.</param>
/// <param name="GeneratedAuc">Generated normal clips against generated faulty ones.</param>
/// <param name="MixedAuc">Real normal clips against generated faulty ones: the paper's comparison.</param>
/// <param name="Difference">AUC on generated clips minus AUC on real ones, with DeLong's interval.</param>
public sealed record FaultOutcome(string Machine, string Fault, string Detector, int Clips, Interval RealAuc, Interval GeneratedAuc, Interval MixedAuc, Interval Difference);
