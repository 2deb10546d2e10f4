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
