namespace MimiiGen.Evaluation.Sections;

/// <summary>What a detector is worth on one section, by the rules of the DCASE baseline; what the clips can't tell is null.</summary>
public sealed record SectionResult
{
    /// <summary>Machine type.</summary>
    public required string Machine { get; init; }

    /// <summary>Section or machine id.</summary>
    public required string Section { get; init; }

    /// <summary>Clips scored.</summary>
    public required int Clips { get; init; }

    /// <summary>All normal clips against all anomalies.</summary>
    public double? Auc { get; init; }

    /// <summary>Source normals against all anomalies.</summary>
    public double? AucSource { get; init; }

    /// <summary>Target normals against all anomalies.</summary>
    public double? AucTarget { get; init; }

    /// <summary>Partial AUC up to a false-positive rate of 0.1 over all clips.</summary>
    public double? Pauc { get; init; }

    /// <summary>The same within the source domain.</summary>
    public double? PaucSource { get; init; }

    /// <summary>The same within the target domain.</summary>
    public double? PaucTarget { get; init; }

    /// <summary>A clip above it is called anomalous; null where the training gave none.</summary>
    public double? Threshold { get; init; }

    /// <summary>Decisions over all clips.</summary>
    public ConfusionMatrix? Decisions { get; init; }

    /// <summary>Decisions within the source domain.</summary>
    public ConfusionMatrix? SourceDecisions { get; init; }

    /// <summary>Decisions within the target domain.</summary>
    public ConfusionMatrix? TargetDecisions { get; init; }

    /// <summary>Why something is missing, in words; empty where nothing is.</summary>
    public string Note { get; init; } = "";

    /// <summary>Judges scores.</summary>
    /// <param name="section">Whose clips.</param>
    /// <param name="scores">Of <see cref="DetectorSection.TestClips"/>, in their order.</param>
    /// <param name="threshold">Null for none.</param>
    public static SectionResult Of(DetectorSection section, IReadOnlyList<double> scores, double? threshold)
    {
        ArgumentNullException.ThrowIfNull(section);
        var labelled = section.TestClips.Zip(scores).Where(c => c.First.IsLabelled).ToArray();
        var split = new DcaseSection(Scores("source", false), Scores("target", false), Scores("source", true), Scores("target", true));
        var (normals, anomalies) = (split.SourceNormals.Count + split.TargetNormals.Count, split.SourceAnomalies.Count + split.TargetAnomalies.Count);
        var both = normals > 0 && anomalies > 0;
        double? Where(bool possible, Func<double> value) => possible ? value() : null;
        return new SectionResult
        {
            Machine = section.Machine,
            Section = section.Section,
            Clips = scores.Count,
            Auc = Where(both, () => RocCurve.Of([.. split.SourceNormals, .. split.TargetNormals], [.. split.SourceAnomalies, .. split.TargetAnomalies]).Area),
            AucSource = Where(split.SourceNormals.Count > 0 && anomalies > 0, () => split.AucSource),
            AucTarget = Where(split.TargetNormals.Count > 0 && anomalies > 0, () => split.AucTarget),
            Pauc = Where(both, () => split.PartialAuc),
            PaucSource = Where(split.SourceNormals.Count > 0 && split.SourceAnomalies.Count > 0, () => split.PartialAucSource),
            PaucTarget = Where(split.TargetNormals.Count > 0 && split.TargetAnomalies.Count > 0, () => split.PartialAucTarget),
            Threshold = threshold,
            Decisions = both && threshold is { } t ? ConfusionMatrix.Of([.. split.SourceNormals, .. split.TargetNormals], [.. split.SourceAnomalies, .. split.TargetAnomalies], t) : null,
            SourceDecisions = split.SourceNormals.Count > 0 && split.SourceAnomalies.Count > 0 && threshold is { } s ? split.SourceDecisions(s) : null,
            TargetDecisions = split.TargetNormals.Count > 0 && split.TargetAnomalies.Count > 0 && threshold is { } u ? split.TargetDecisions(u) : null,
            Note = string.Join("; ", Notes()),
        };

        // a dataset without domains is all source
        double[] Scores(string domain, bool anomaly) => [.. labelled.Where(c => c.First.Metadata.Anomaly == anomaly && (c.First.Metadata.Domain ?? "source") == domain).Select(c => c.Second)];

        IEnumerable<string> Notes()
        {
            if (labelled.Length == 0) yield return "no clip has a label: scores without AUC";
            else if (!both) yield return $"only {(normals > 0 ? "normal clips" : "anomalies")}: no AUC";
            else if (labelled.Length < scores.Count) yield return $"{scores.Count - labelled.Length} clips without a label don't count";
            if (both && section.TestClips.Any(c => c.Metadata.Domain is not null) && split.TargetNormals.Count == 0) yield return "no normal clips of the target domain: no AUC there";
            if (threshold is null) yield return "no threshold: no decisions";
        }
    }

    /// <summary>
    /// The official score of DCASE Task 2: the harmonic mean of AUC-source, AUC-target and pAUC over all sections, of those that there are; null for none.
    /// </summary>
    public static double? OfficialScore(IEnumerable<SectionResult> results)
    {
        double[] values = [.. results.SelectMany(r => new[] { r.AucSource, r.AucTarget, r.Pauc }).OfType<double>()];
        return values.Length == 0 ? null : DcaseSection.HarmonicMean(values);
    }
}
