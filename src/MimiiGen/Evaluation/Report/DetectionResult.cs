using System.Text.Json.Serialization;

namespace MimiiGen.Evaluation.Report;

/// <summary>How well the detector tells anomalies from normal clips.</summary>
public sealed record DetectionResult
{
    /// <summary>For reading a file.</summary>
    [JsonConstructor]
    public DetectionResult()
    {
    }

    /// <summary>Both areas.</summary>
    public DetectionResult(Interval auc, Interval pauc) => (Auc, Pauc) = (auc, pauc);

    /// <summary>Area under the ROC curve: 0.5 is chance, 1 perfect.</summary>
    public Interval Auc { get; init; }

    /// <summary>Standardised area up to a false-positive rate of 0.1: 0.5 is chance, 1 perfect.</summary>
    public Interval Pauc { get; init; }
}
