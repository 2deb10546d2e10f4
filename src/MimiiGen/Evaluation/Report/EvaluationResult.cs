using System.Text.Json.Serialization;

namespace MimiiGen.Evaluation.Report;

/// <summary>Everything that one simulated evaluation found: what <c>results.json</c> holds and the report shows.</summary>
public sealed record EvaluationResult
{
    /// <summary>One entry a machine and id.</summary>
    public required IReadOnlyList<MachineResult> Machines { get; init; }

    /// <summary>Mean over machines of the size of <see cref="MachineResult.AucDifference"/>: the paper's figure (4.8 % there).</summary>
    public double MeanAucDifference => Machines.Count == 0 ? double.NaN : Machines.Average(m => Math.Abs(m.AucDifference.Estimate));

    /// <summary>Whether generated clips rank the detectors as real ones do; null with fewer than three detectors.</summary>
    public AgreementResult? DetectorAgreement { get; init; }

    /// <summary>Whether generated clips rank the machines as real ones do; null with fewer than three machines.</summary>
    public AgreementResult? MachineAgreement { get; init; }

    /// <summary>For each detector the mean over machines of the size of its AUC difference.</summary>
    public IReadOnlyDictionary<string, double> MeanAucDifferences => Machines.SelectMany(m => m.Detectors).Where(d => d.Outcome is not null)
        .GroupBy(d => d.Detector).ToDictionary(g => g.Key, g => g.Average(d => Math.Abs(d.Outcome!.AucDifference.Estimate)));

    /// <summary>Distance of the generated clips from the real ones; null where there were too few clips for it.</summary>
    [JsonPropertyName("fadDetails")]
    public FadResult? Fad { get; init; }

    /// <summary>The distance alone, the key <c>fad</c>.</summary>
    [JsonPropertyName("fad")]
    public double? FadValue => Fad?.Value;

    /// <summary>Everything needed to run the same evaluation again.</summary>
    public required EvaluationSettings Settings { get; init; }

    /// <summary>Pairs of clips to look at and listen to; may be empty.</summary>
    public IReadOnlyList<ClipPair> Pairs { get; init; } = [];

    /// <summary>How long the evaluation took, in seconds.</summary>
    public required double Seconds { get; init; }
}
