using MimiiGen.Evaluation;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Evaluation;

public sealed class RidgeClassifierTests
{
    [Fact]
    public void TellsClassesApartThatLieApartAndOthersByChance()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        int[] labels = [.. Enumerable.Range(0, 90).Select(i => i % 3)];
        var noise = randn(90, 20, ScalarType.Float64, generator: generator);
        var apart = noise + (6 * nn.functional.one_hot(tensor(labels.Select(l => (long)l).ToArray()), 20).to(ScalarType.Float64));

        using var classifier = RidgeClassifier.Train(apart[..60], labels[..60], 3);
        using var blind = RidgeClassifier.Train(noise[..60], labels[..60], 3);

        Assert.Equal(labels[60..], classifier.Classify(apart[60..]));
        Assert.InRange(blind.Classify(noise[60..]).Zip(labels[60..]).Count(p => p.First == p.Second), 3, 19);
        Assert.Throws<BadInputException>(() => RidgeClassifier.Train(noise[..1], [0], 2));
    }
}
