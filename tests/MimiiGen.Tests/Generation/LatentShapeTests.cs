using MimiiGen.Generation;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Generation;

public sealed class LatentShapeTests
{
    private static readonly float[] Means = [0.5f, -1, 3];

    private readonly LatentShape shape = new(Means);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void DividedAndJoinedTheLatentsAreAsBefore(bool exact)
    {
        using var scope = NewDisposeScope();
        var latents = Latents();
        var (divided, logRms) = shape.Divide(latents);

        GoldenFile.AssertClose(latents, shape.Join(divided, logRms, exact), 1e-4, "latents");
    }

    [Fact]
    public void TheShapeHasUnitRmsInEachRow()
    {
        using var scope = NewDisposeScope();
        var (divided, _) = shape.Divide(Latents());

        GoldenFile.AssertClose(ones(3), divided.square().mean([1]).sqrt(), 3e-5, "rms");
    }

    [Fact]
    public void JoinedExactlyTheRowsHaveTheLevelsAskedFor()
    {
        using var scope = NewDisposeScope();
        var (divided, _) = shape.Divide(Latents());
        float[] levels = [-1, 0, 2];
        var (_, reached) = shape.Divide(shape.Join(3 * divided, levels, exact: true));

        for (var row = 0; row < 3; row++) Assert.Equal(levels[row], reached[row], 1e-4f);
    }

    [Fact]
    public void ARowsUsualLevelIsWithoutWhatComesOnce()
    {
        using var scope = NewDisposeScope();
        using var chance = new Generator(2);
        var noise = randn([3, 750], generator: chance) + tensor(Means, [3, 1]); // (rows, frames): ten seconds
        var hum = arange(750).to(ScalarType.Float32).mul(0.7).sin() * 1.41421 + Means[1];
        noise[1] = hum;
        var beeping = noise.clone();
        beeping[0, 100..115] += 20 * ones(15);

        var (divided, usual) = shape.DivideByUsual(beeping, 75);

        Assert.Equal(0, usual[0], 0.1f);
        Assert.Equal(0, usual[1], 0.02f);
        Assert.True(shape.Divide(beeping).LogRms[0] > 0.8);
        GoldenFile.AssertClose(beeping, shape.Join(divided, usual, exact: false), 1e-4, "latents");
    }

    [Fact]
    public void AMachineThatIsOffForMostOfTheTimeHasAShapeThatCanBeWorkedOn()
    {
        using var scope = NewDisposeScope();
        using var chance = new Generator(3);
        var seldom = cat([randn([3, 150], generator: chance), zeros(3, 600)], 1) + tensor(Means, [3, 1]); // (rows, frames)

        Assert.InRange(shape.DivideByUsual(seldom, 75).Shape.square().mean([1]).sqrt().max().item<float>(), 7.5f, 8.5f);
    }

    [Fact]
    public void ASoundOfLessThanASecondIsDividedByItsWholeLevel()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(shape.Divide(Latents()).LogRms, shape.DivideByUsual(Latents(), 75).LogRms, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void ARowWithoutSoundStaysFinite()
    {
        using var scope = NewDisposeScope();
        var (divided, logRms) = shape.Divide(tensor(Means, [3, 1]).expand(3, 10));

        Assert.True(divided.isfinite().all().ToBoolean());
        Assert.All(logRms, level => Assert.True(float.IsFinite(level)));
    }

    private static Tensor Latents()
    {
        using var chance = new Generator(1);
        return (randn([3, 40], generator: chance) * tensor([0.1f, 1f, 5f], [3, 1])) + tensor(Means, [3, 1]); // (rows, frames)
    }
}
