using MimiiGen.Evaluation;
using MimiiGen.Evaluation.Scoring;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Evaluation.Scoring;

/// <summary>What is quicker for the many draws of a bootstrap says the same as what is exact.</summary>
public sealed class BootstrapStatisticTests
{
    [Theory]
    [InlineData(30, 20, 8)]
    [InlineData(10, 40, 16)]
    [InlineData(40, 12, 64)]
    public void TheQuickFrechetDistanceIsTheExactOne(int n, int m, int dimensions)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)n);
        var x = randn(n, dimensions, ScalarType.Float64, generator: generator);
        var y = (1.5 * randn(m, dimensions, ScalarType.Float64, generator: generator)) + 0.3;

        Assert.Equal(FrechetDistance.Of(x, y), FrechetDistance.Quick(x, y), 1e-5);
        Assert.Equal(FrechetDistance.Of(x, x[..5]), FrechetDistance.Quick(x, x[..5]), 1e-5);
    }

    [Fact]
    public void TheVendiScoreOfCosinesIsThatOfRows()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var rows = randn(30, 12, ScalarType.Float64, generator: generator);
        var unit = nn.functional.normalize(rows, 2, 1);

        Assert.Equal(VendiScore.Of(rows), VendiScore.OfCosines(unit.mm(unit.t())), 1e-7);
    }

    [Fact]
    public void AnIntervalHoldsTheValueAndFollowsFromTheSeed()
    {
        var bootstrap = new ClipBootstrap(20, 20, new ScoreOptions { Resamples = 100, Seed = 5 }, null, CancellationToken.None);

        var interval = bootstrap.Interval(3, (r, g) => 10 + r.Distinct().Count() - g.Distinct().Count());

        Assert.True(interval[0] < 3 && interval[1] > 3);
        Assert.Equal(interval, bootstrap.Interval(3, (r, g) => 10 + r.Distinct().Count() - g.Distinct().Count()));
        Assert.Equal(0, bootstrap.Interval(0.1, (r, g) => r.Average() - g.Average(), lowest: 0)[0]);
    }
}
