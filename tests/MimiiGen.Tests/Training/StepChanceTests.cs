using MimiiGen.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Training;

public sealed class StepChanceTests
{
    [Fact]
    public void AStepDrawsTheSameWheneverItIsTaken() => Assert.Equal(Draws(seed: 3, step: 70), Draws(seed: 3, step: 70));

    [Fact]
    public void NeighbouringStepsAndSeedsDrawOtherNumbers()
    {
        var draws = from seed in Enumerable.Range(0, 4) from step in Enumerable.Range(-2, 50) select Draws((ulong)seed, step);

        Assert.Equal(200, draws.Select(d => d.Normal).Distinct().Count());
        Assert.Equal(200, draws.Select(d => d.Between).Distinct().Count());
    }

    [Fact]
    public void NumbersAreEvenlySpreadOverSteps()
    {
        var thirds = Enumerable.Range(0, 3000).Select(step =>
        {
            using var chance = new StepChance(0, step);
            return chance.Below(3);
        }).CountBy(third => third).ToDictionary();

        Assert.All(thirds.Values, count => Assert.InRange(count, 900, 1100));
    }

    private static (int Below, double Between, float Normal) Draws(ulong seed, long step)
    {
        using var scope = NewDisposeScope();
        using var chance = new StepChance(seed, step);
        return (chance.Below(1000), chance.Between(-1, 1), randn(1, generator: chance.Tensors).ToSingle());
    }
}
