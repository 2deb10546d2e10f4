using MimiiGen.Detection;

namespace MimiiGen.Evaluation.Scoring;

/// <summary>
/// Bootstrap intervals of distances between two sets of clips: both sets are drawn anew with replacement, clip by clip with all its windows. A
/// clip that is drawn twice moves most distances by itself (a set looks less varied than it is), so that the draws lie beside the value; the
/// interval is the value plus the deviations of the draws from their own median.
/// </summary>
/// <param name="real">Number of real clips.</param>
/// <param name="generated">Number of generated clips.</param>
/// <param name="options">Seed and number of draws.</param>
/// <param name="progress">Told of each interval's draws.</param>
/// <param name="stop">Stops.</param>
internal sealed class ClipBootstrap(int real, int generated, ScoreOptions options, IProgress<WorkProgress>? progress, CancellationToken stop)
{
    /// <summary>The 95 % interval of a value.</summary>
    /// <param name="value">The value of all clips.</param>
    /// <param name="statistic">The same of some real and some generated clips, by their numbers.</param>
    /// <param name="lowest">The least the statistic can be.</param>
    /// <param name="highest">The most it can be.</param>
    public double[] Interval(double value, Func<int[], int[], double> statistic, double lowest = double.NegativeInfinity, double highest = double.PositiveInfinity) =>
        Intervals([value], (r, g) => [statistic(r, g)], lowest, highest)[0];

    /// <summary>The intervals of several values of the same draws.</summary>
    public double[][] Intervals(double[] values, Func<int[], int[], double[]> statistics, double lowest, double highest)
    {
        var random = new Random(options.Seed);
        var draws = new double[options.Resamples][];
        for (var i = 0; i < draws.Length; i++)
        {
            stop.ThrowIfCancellationRequested();
            draws[i] = statistics(Draw(real), Draw(generated));
            progress?.Report(new WorkProgress("drawing clips anew for intervals", i + 1, draws.Length));
        }

        return [.. values.Select((value, v) => Around(value, [.. draws.Select(d => d[v])]))];

        int[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(count))];

        double[] Around(double value, double[] drawn)
        {
            var shift = value - Quantile.Of(drawn, 0.5);
            return [.. new[] { 0.025, 0.975 }.Select(q => Math.Clamp(Quantile.Of(drawn, q) + shift, Math.Min(lowest, value), Math.Max(highest, value)))];
        }
    }
}
