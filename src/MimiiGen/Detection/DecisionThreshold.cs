namespace MimiiGen.Detection;

/// <summary>Where a detector draws the line between normal and anomalous.</summary>
public static class DecisionThreshold
{
    /// <summary>
    /// The threshold of the DCASE Task 2 baseline: the 0.9 quantile of a gamma distribution fitted to the scores of normal
    /// clips. Where the fit has no answer (see <see cref="GammaDistribution.Fit"/>) the empirical quantile stands in.
    /// A clip is anomalous when its score is strictly above the threshold.
    /// </summary>
    /// <exception cref="BadInputException">The scores are empty, all alike, NaN or infinite.</exception>
    public static double Of(IReadOnlyCollection<double> normalScores, double quantile = 0.9) =>
        GammaDistribution.Fit(normalScores)?.Quantile(quantile) ?? Quantile.Of(normalScores, quantile);
}
