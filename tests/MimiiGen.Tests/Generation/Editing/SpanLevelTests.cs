using MimiiGen.Generation;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Generation;

public sealed class SpanLevelTests
{
    [Theory]
    [InlineData(0.8, 1)]
    [InlineData(1, 1)]
    [InlineData(1.2, 1.2)]
    [InlineData(0.5, 0.7071)]
    [InlineData(0, 0)]
    public void TheSpanComesToUnitRmsFromAtMost3DecibelsBelow(double rms, double restored)
    {
        using var scope = NewDisposeScope();
        var mask = cat([zeros(1, 1, 30), ones(1, 1, 20), zeros(1, 1, 10)], 2); // (batch, 1, frames)
        using var chance = new Generator(1);
        var noise = randn([1, 8, 60], generator: chance); // (batch, rows, frames)
        var span = noise[.., .., 30..50];
        noise = where(mask > 0, noise * (rms / span.square().mean().sqrt()), noise);

        var made = SpanLevel.Restore(noise, mask);

        Assert.Equal(restored, made[.., .., 30..50].square().mean().sqrt().ToDouble(), 1e-4);
        Assert.True(made[.., .., ..30].equal(noise[.., .., ..30]).all().ToBoolean() && made[.., .., 50..].equal(noise[.., .., 50..]).all().ToBoolean());
    }

    [Fact]
    public void EachClipOfABatchHasASpanOfItsOwn()
    {
        using var scope = NewDisposeScope();
        var shapes = full([2, 4, 10], 0.8);
        var mask = stack([cat([ones(1, 5), zeros(1, 5)], 1), cat([zeros(1, 8), ones(1, 2)], 1)]); // (batch, 1, frames)

        var made = SpanLevel.Restore(shapes, mask);

        Assert.Equal([1, 1, 1, 1, 1, 0.8f, 0.8f, 0.8f, 0.8f, 0.8f], made[0, 0].data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal([0.8f, 0.8f, 0.8f, 0.8f, 0.8f, 0.8f, 0.8f, 0.8f, 1, 1], made[1, 3].data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
    }
}
