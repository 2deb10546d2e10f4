using MimiiGen.Evaluation.Agreement;

namespace MimiiGen.Evaluation.Report;

/// <summary>How far a detector's scores of generated clips lie from those of real clips of the same class.</summary>
/// <param name="Wasserstein">Area between the cumulative distributions over the deviation of the real scores: 0 is the same.</param>
/// <param name="JensenShannon">Divergence of the histograms in bits, 0 to 1.</param>
/// <param name="KolmogorovSmirnov">Largest gap between the cumulative distributions, 0 to 1.</param>
public sealed record ScoreDistances(double Wasserstein, double JensenShannon, double KolmogorovSmirnov)
{
    /// <summary>Of two samples of scores.</summary>
    internal static ScoreDistances Of(IReadOnlyList<double> real, IReadOnlyList<double> generated)
    {
        var mean = real.Average();
        var deviation = Math.Sqrt(real.Average(s => (s - mean) * (s - mean)));
        var distance = SampleDistance.Wasserstein(real, generated);
        return new(deviation > 0 ? distance / deviation : distance, SampleDistance.JensenShannon(real, generated), SampleDistance.KolmogorovSmirnov(real, generated));
    }
}
