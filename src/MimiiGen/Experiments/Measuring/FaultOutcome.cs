using MimiiGen.Evaluation;

namespace MimiiGen.Experiments.Measuring;

/// <summary>What a detector makes of one fault of one machine, real and generated.</summary>
public sealed record FaultOutcome
{
    /// <summary>Machine type and id.</summary>
    public required string Machine { get; init; }

    /// <summary>The fault; anomaly where the data names none.</summary>
    public required string Fault { get; init; }

    /// <summary>The detector.</summary>
    public required string Detector { get; init; }

    /// <summary>Faulty clips of it, of each kind.</summary>
    public required int Clips { get; init; }

    /// <summary>Real normal clips against real faulty ones.</summary>
    public required Interval RealAuc { get; init; }

    /// <summary>Generated normal clips against generated faulty ones.</summary>
    public required Interval GeneratedAuc { get; init; }

    /// <summary>Real normal clips against generated faulty ones: the paper's comparison.</summary>
    public required Interval MixedAuc { get; init; }

    /// <summary>AUC on generated clips minus AUC on real ones, with DeLong's interval.</summary>
    public required Interval Difference { get; init; }
}
