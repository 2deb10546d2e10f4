namespace MimiiGen.Evaluation;

/// <summary>
/// The scores of one section (one machine id under test) of DCASE Task 2 by the rules of the 2023 and later baselines:
/// the AUC of a domain sets its normal clips against the anomalies of both domains; pAUC is taken over everything.
/// </summary>
/// <param name="SourceNormals">Scores of normal clips of the source domain (the conditions trained on).</param>
/// <param name="TargetNormals">Scores of normal clips of the target domain (shifted conditions).</param>
/// <param name="SourceAnomalies">Scores of anomalies of the source domain.</param>
/// <param name="TargetAnomalies">Scores of anomalies of the target domain.</param>
public sealed record DcaseSection(
    IReadOnlyList<double> SourceNormals,
    IReadOnlyList<double> TargetNormals,
    IReadOnlyList<double> SourceAnomalies,
    IReadOnlyList<double> TargetAnomalies)
{
    /// <summary>Source normals against the anomalies of both domains.</summary>
    public double AucSource => RocCurve.Of(SourceNormals, [.. SourceAnomalies, .. TargetAnomalies]).Area;

    /// <summary>Target normals against the anomalies of both domains.</summary>
    public double AucTarget => RocCurve.Of(TargetNormals, [.. SourceAnomalies, .. TargetAnomalies]).Area;

    /// <summary>Partial AUC up to a false-positive rate of 0.1 over all clips.</summary>
    public double PartialAuc => RocCurve.Of([.. SourceNormals, .. TargetNormals], [.. SourceAnomalies, .. TargetAnomalies]).PartialArea();

    /// <summary>Partial AUC within the source domain.</summary>
    public double PartialAucSource => RocCurve.Of(SourceNormals, SourceAnomalies).PartialArea();

    /// <summary>Partial AUC within the target domain.</summary>
    public double PartialAucTarget => RocCurve.Of(TargetNormals, TargetAnomalies).PartialArea();

    /// <summary>Decisions within the source domain.</summary>
    public ConfusionMatrix SourceDecisions(double threshold) => ConfusionMatrix.Of(SourceNormals, SourceAnomalies, threshold);

    /// <summary>Decisions within the target domain.</summary>
    public ConfusionMatrix TargetDecisions(double threshold) => ConfusionMatrix.Of(TargetNormals, TargetAnomalies, threshold);

    /// <summary>The official score: the harmonic mean of AUC-source, AUC-target and pAUC over all sections.</summary>
    public static double OfficialScore(IEnumerable<DcaseSection> sections) =>
        HarmonicMean([.. sections.SelectMany(s => new[] { s.AucSource, s.AucTarget, s.PartialAuc })]);

    /// <summary>Harmonic mean of values floored at the machine epsilon 2.2e-16, so that one zero drags it to about zero.</summary>
    /// <exception cref="BadInputException">There are no values.</exception>
    public static double HarmonicMean(IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0) throw new BadInputException("a mean needs at least one value");
        return values.Count / values.Sum(v => 1 / Math.Max(v, 2.220446049250313e-16));
    }
}
