namespace MimiiGen.Evaluation.Report;

/// <summary>Whether the order by AUC on generated clips is the order on real ones.</summary>
public sealed record AgreementResult
{
    /// <summary>Kendall's tau-b: 1 the same order, 0 unrelated, -1 reversed.</summary>
    public required Interval Kendall { get; init; }

    /// <summary>Spearman's rho, likewise.</summary>
    public required Interval Spearman { get; init; }

    /// <summary>What was ranked, best on real clips first.</summary>
    public required IReadOnlyList<RankedAuc> Ranking { get; init; }
}

/// <summary>One of the ranked.</summary>
/// <param name="Name">A detector, or a machine and id.</param>
/// <param name="Real">AUC on real clips; of a detector the mean over machines.</param>
/// <param name="Generated">AUC on generated clips, likewise.</param>
public sealed record RankedAuc(string Name, double Real, double Generated);
