namespace MimiiGen.Evaluation.Report;

/// <summary>Detection within a part of a machine's clips.</summary>
public sealed record ConditionResult
{
    /// <summary>domain, or fault.</summary>
    public required string Kind { get; init; }

    /// <summary>source, target, or the fault's type.</summary>
    public required string Name { get; init; }

    /// <summary>Real normal clips that count.</summary>
    public required int Normals { get; init; }

    /// <summary>Real anomalies that count.</summary>
    public required int Anomalies { get; init; }

    /// <summary>AUC on real clips: of a domain its normals against all anomalies (the rule of DCASE), of a fault all normals against its anomalies.</summary>
    public required Interval Real { get; init; }

    /// <summary>The same on generated clips.</summary>
    public required Interval Generated { get; init; }

    /// <summary>The same with real normals and generated anomalies.</summary>
    public required Interval Mixed { get; init; }
}
