namespace MimiiGen.Evaluation;

/// <summary>What a detector's decisions at one threshold are worth. A measure whose denominator is 0 is 0.</summary>
/// <param name="TrueNegatives">Normal clips passed.</param>
/// <param name="FalsePositives">Normal clips flagged.</param>
/// <param name="FalseNegatives">Anomalies missed.</param>
/// <param name="TruePositives">Anomalies found.</param>
public readonly record struct ConfusionMatrix(int TrueNegatives, int FalsePositives, int FalseNegatives, int TruePositives)
{
    /// <summary>Share of the flagged clips that are anomalies.</summary>
    public double Precision => Ratio(TruePositives, TruePositives + FalsePositives);

    /// <summary>Share of the anomalies found.</summary>
    public double Recall => Ratio(TruePositives, TruePositives + FalseNegatives);

    /// <summary>Harmonic mean of precision and recall.</summary>
    public double F1 => Ratio(2 * TruePositives, (2 * TruePositives) + FalsePositives + FalseNegatives);

    /// <summary>Share of right decisions.</summary>
    public double Accuracy => Ratio(TruePositives + TrueNegatives, TruePositives + TrueNegatives + FalsePositives + FalseNegatives);

    /// <summary>Mean of the shares of right decisions in the two classes.</summary>
    public double BalancedAccuracy => (Recall + Ratio(TrueNegatives, TrueNegatives + FalsePositives)) / 2;

    /// <summary>Matthews' correlation coefficient, -1 to 1.</summary>
    public double MatthewsCorrelation
    {
        get
        {
            double tn = TrueNegatives, fp = FalsePositives, fn = FalseNegatives, tp = TruePositives;
            return Ratio((tp * tn) - (fp * fn), Math.Sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)));
        }
    }

    /// <summary>Decisions by DCASE's rule: anomalous when the score is strictly above the threshold.</summary>
    public static ConfusionMatrix Of(IReadOnlyCollection<double> normalScores, IReadOnlyCollection<double> anomalyScores, double threshold)
    {
        var flagged = normalScores.Count(s => s > threshold);
        var found = anomalyScores.Count(s => s > threshold);
        return new ConfusionMatrix(normalScores.Count - flagged, flagged, anomalyScores.Count - found, found);
    }

    private static double Ratio(double part, double whole) => whole == 0 ? 0 : part / whole;
}
