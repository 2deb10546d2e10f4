using MimiiGen.Training;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Training;

public sealed class RowWeightsTests
{
    [Fact]
    public void ARowThatItsPastTellsWeighsMoreThanNoise()
    {
        using var scope = NewDisposeScope();
        using var chance = new Generator(1);
        var clips = Enumerable.Range(0, 4).Select(clip =>
        {
            var shape = randn([8, 200], generator: chance); // (rows, frames)
            var hum = ((arange(200, dtype: ScalarType.Float32) * 0.3) + clip).sin() * Math.Sqrt(2);
            shape[3] = hum + (0.3 * shape[3]);
            return shape / shape.square().mean([1], keepdim: true).sqrt();
        }).ToArray();

        var weights = RowWeights.Of(clips);

        Assert.Equal(8, weights.Length);
        Assert.Equal(1, weights.Average(), 1e-5);
        Assert.Equal(3, Array.IndexOf(weights, weights.Max()));
        Assert.True(weights[3] > 5 * weights[0]);
    }

    [Fact]
    public void ClipsTooShortToTellGiveEqualWeights()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([1f, 1f, 1f], RowWeights.Of([ones(3, 4)]));
    }
}
