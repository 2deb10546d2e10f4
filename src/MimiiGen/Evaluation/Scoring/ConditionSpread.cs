using MimiiGen.Evaluation.Clustering;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Scoring;

/// <summary>The spread of clips within each condition, real and generated.</summary>
internal static class ConditionSpread
{
    private const int Resamples = 500;

    public static IReadOnlyList<SpreadRow> Of(ComparedSets sets, string[] real, string[] generated, int seed)
    {
        var (a, b) = (Points(sets.Real.Means), Points(sets.Generated.Means));
        return
        [
            .. real.Concat(generated).Distinct().Order(StringComparer.Ordinal).Select(condition =>
            {
                double[][] first = [.. a.Where((_, i) => real[i] == condition)], second = [.. b.Where((_, i) => generated[i] == condition)];
                double? ofReal = first.Length < 2 ? null : Spread(first), ofGenerated = second.Length < 2 ? null : Spread(second);
                return new SpreadRow(condition, ofReal, ofGenerated, ofReal > 0 && ofGenerated is not null ? Ratio(first, second) : null, first.Length, second.Length);
            }),
        ];

        Interval Ratio(double[][] first, double[][] second) => Bootstrap.Of(
            [Numbers(first.Length), Numbers(second.Length)],
            drawn => Spread([.. drawn[1].Select(i => second[(int)i])]) / Math.Max(Spread([.. drawn[0].Select(i => first[(int)i])]), 1e-12),
            seed,
            Resamples);

        static double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => (double)i)];
    }

    private static double Spread(double[][] points)
    {
        var mean = Clustering.Points.Mean(points);
        return Math.Sqrt(points.Sum(p => Clustering.Points.Squared(p, mean)) / (points.Length - 1));
    }

    private static double[][] Points(Tensor rows) => [.. rows.contiguous().data<double>().ToArray().Chunk((int)rows.shape[1])];
}
