using MimiiGen.Experiments.Arms;
using MimiiGen.Experiments.Measuring;

namespace MimiiGen.Experiments;

/// <summary>What one arm had with one seed: a file of its own, so that a study that was stopped goes on behind it.</summary>
public sealed record ArmRecord
{
    /// <summary>Name of the arm.</summary>
    public required string Arm { get; init; }

    /// <summary>What it is, in words.</summary>
    public required string What { get; init; }

    /// <summary>What it is there for.</summary>
    public required ArmKind Kind { get; init; }

    /// <summary>Seed of its training and its clips.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Where it stands on the study's axis; null where there is none.</summary>
    public double? Position { get; init; }

    /// <summary>Clips that were judged.</summary>
    public required int Clips { get; init; }

    /// <summary>Every number.</summary>
    public required IReadOnlyList<Measure> Measures { get; init; }

    /// <summary>The detector's verdict fault by fault.</summary>
    public required IReadOnlyList<FaultOutcome> Faults { get; init; }

    /// <summary>Clips the generator was trained on; null where it wasn't trained here.</summary>
    public int? TrainingClips { get; init; }

    /// <summary>Sampler, steps and guidance; null where nothing was sampled.</summary>
    public string? Sampling { get; init; }

    /// <summary>SHA-256 of the generator's weights by file; null where there is none.</summary>
    public IReadOnlyDictionary<string, string>? WeightsSha256 { get; init; }

    /// <summary>It took, training included.</summary>
    public required double Seconds { get; init; }

    /// <summary>The measure of a metric; null where there is none.</summary>
    internal Measure? Find(Metric metric) => Measures.FirstOrDefault(m => m.Metric == metric.Name);
}
