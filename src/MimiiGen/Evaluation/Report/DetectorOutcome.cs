using MimiiGen.Evaluation.Agreement;

namespace MimiiGen.Evaluation.Report;

/// <summary>A detector's verdict on real and on generated clips, with the three ways to build a generated test set side by side.</summary>
public sealed record DetectorOutcome
{
    private const double MaxFalsePositiveRate = 0.1;

    /// <summary>Real normals against real anomalies.</summary>
    public required DetectionResult Real { get; init; }

    /// <summary>Generated normals against generated anomalies.</summary>
    public required DetectionResult Generated { get; init; }

    /// <summary>Real normals against generated anomalies: the comparison in the paper.</summary>
    public required DetectionResult Mixed { get; init; }

    /// <summary>Generated normals against real anomalies.</summary>
    public required DetectionResult Swapped { get; init; }

    /// <summary>AUC on generated clips minus AUC on real ones, bootstrap interval.</summary>
    public required Interval AucDifference { get; init; }

    /// <summary>The same with DeLong's interval.</summary>
    public required Interval AucDifferenceDelong { get; init; }

    /// <summary>AUC with generated anomalies minus AUC on real clips, the normals being the same, with DeLong's interval.</summary>
    public required Interval MixedDifferenceDelong { get; init; }

    /// <summary>Scores of generated normal clips against those of real ones.</summary>
    public required ScoreDistances NormalScores { get; init; }

    /// <summary>Scores of generated anomalies against those of real ones.</summary>
    public required ScoreDistances AnomalyScores { get; init; }

    /// <summary>The score of each clip.</summary>
    public required ScoreGroups Scores { get; init; }

    /// <summary>Everything that the four groups of scores tell.</summary>
    public static DetectorOutcome Of(ScoreGroups scores, int seed)
    {
        ArgumentNullException.ThrowIfNull(scores);
        double[] rn = Of(scores.RealNormal), ra = Of(scores.RealAnomaly), gn = Of(scores.GeneratedNormal), ga = Of(scores.GeneratedAnomaly);
        return new DetectorOutcome
        {
            Real = Detection(rn, ra),
            Generated = Detection(gn, ga),
            Mixed = Detection(rn, ga),
            Swapped = Detection(gn, ra),
            AucDifference = Bootstrap.AucDifference((rn, ra), (gn, ga), seed),
            AucDifferenceDelong = DeLong.Difference((rn, ra), (gn, ga)),
            MixedDifferenceDelong = DeLong.Difference((rn, ra), (rn, ga)),
            NormalScores = ScoreDistances.Of(rn, gn),
            AnomalyScores = ScoreDistances.Of(ra, ga),
            Scores = scores,
        };

        static double[] Of(IReadOnlyList<ClipScore> group) => [.. group.Select(s => s.Score)];
        DetectionResult Detection(double[] normals, double[] anomalies) => new(Bootstrap.Auc(normals, anomalies, seed), Bootstrap.PartialAuc(normals, anomalies, seed, MaxFalsePositiveRate));
    }
}
