using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>
/// The Fréchet distance extrapolated to endlessly many clips (Gui et al. 2023): it falls with the number n of evaluated items
/// about linearly in 1/n, so that the intercept of a least-squares line is free of that bias.
/// </summary>
/// <param name="Value">The intercept.</param>
/// <param name="Slope">The slope of the distance on 1/n.</param>
/// <param name="RSquared">Share of the distances' variance the line explains: near 0, the value is a matter of the draw.</param>
/// <param name="Points">The distance at each n.</param>
public sealed record FadInfinity(double Value, double Slope, double RSquared, IReadOnlyList<(int N, double Distance)> Points)
{
    /// <summary>Draws rows of the evaluated set with replacement, at <paramref name="steps"/> sizes from <paramref name="least"/> to all of them.</summary>
    /// <param name="reference">(items, dimensions): the real clips.</param>
    /// <param name="evaluated">(items, dimensions): the generated clips.</param>
    /// <param name="seed">Same seed, same draws.</param>
    /// <param name="steps">Sizes, at least 2.</param>
    /// <param name="least">The smallest size, at least 2 and less than the number of evaluated items.</param>
    /// <exception cref="BadInputException">There are not more evaluated items than <paramref name="least"/>.</exception>
    public static FadInfinity Of(Tensor reference, Tensor evaluated, int seed, int steps = 25, int least = 500)
    {
        ArgumentNullException.ThrowIfNull(evaluated);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 2);
        var items = (int)evaluated.shape[0];
        if (least >= items) throw new BadInputException($"FAD-infinity from {least} items up needs more than that many evaluated items, there are {items}");
        var random = new Random(seed);
        return Of(reference, evaluated, [.. Sizes(items, steps, least).Select(n => Enumerable.Range(0, n).Select(_ => random.NextInt64(items)).ToArray())]);
    }

    /// <summary>The same from given draws, one list of row indices a size.</summary>
    internal static FadInfinity Of(Tensor reference, Tensor evaluated, IReadOnlyList<long[]> draws)
    {
        var points = new List<(int N, double Distance)>();
        foreach (var draw in draws)
        {
            using var indices = tensor(draw);
            using var rows = evaluated.index_select(0, indices);
            points.Add((draw.Length, FrechetDistance.Of(reference, rows)));
        }

        return Line(points);
    }

    /// <summary>The least-squares line through distances at several n.</summary>
    internal static FadInfinity Line(IReadOnlyList<(int N, double Distance)> points)
    {
        double meanX = points.Average(p => 1.0 / p.N), meanY = points.Average(p => p.Distance);
        var xx = points.Sum(p => Math.Pow((1.0 / p.N) - meanX, 2));
        var yy = points.Sum(p => Math.Pow(p.Distance - meanY, 2));
        var xy = points.Sum(p => ((1.0 / p.N) - meanX) * (p.Distance - meanY));
        return new FadInfinity(meanY - (xy / xx * meanX), xy / xx, xy * xy / (xx * yy), points);
    }

    /// <summary>Sizes evenly spaced from the least to all items, cut to whole numbers.</summary>
    internal static IEnumerable<int> Sizes(int items, int steps, int least) =>
        Enumerable.Range(0, steps).Select(i => (int)(least + ((items - least) * (double)i / (steps - 1))));
}
