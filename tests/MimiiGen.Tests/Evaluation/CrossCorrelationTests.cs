using MimiiGen.Evaluation;
using MimiiGen.Tests.Evaluation.Scoring;

namespace MimiiGen.Tests.Evaluation;

public sealed class CrossCorrelationTests
{
    private static readonly float[] Sound = ClipFolders.Noise(1, 8000);

    [Fact]
    public void ACopyIsFoundWhereverItLiesAndHoweverLoudItIs()
    {
        float[] later = [.. new float[500], .. Sound[..7500].Select(s => -0.3f * s)];

        var copy = CrossCorrelation.Of(later, Sound);
        var back = CrossCorrelation.Of(Sound, later);

        Assert.Equal(500, copy.Shift);
        Assert.Equal(-500, back.Shift);
        Assert.InRange(copy.Value, 0.95, 1);
        Assert.Equal(1, CrossCorrelation.Of(Sound, Sound).Value, 1e-5);
    }

    [Fact]
    public void EqualsTheSumByHand()
    {
        float[] a = [1, 2, -1, 0.5f, 3], b = [0.5f, -2, 1];
        double meanA = a.Average(), meanB = b.Average();
        var norm = Math.Sqrt(a.Sum(v => (v - meanA) * (v - meanA)) * b.Sum(v => (v - meanB) * (v - meanB)));
        var byHand = Enumerable.Range(-2, 7).Max(shift => Math.Abs(Enumerable.Range(0, 3).Where(i => i + shift is >= 0 and < 5).Sum(i => (b[i] - meanB) * (a[i + shift] - meanA)))) / norm;

        Assert.Equal(byHand, CrossCorrelation.Of(a, b).Value, 1e-6);
        Assert.InRange(CrossCorrelation.Of(Sound, ClipFolders.Noise(2, 8000)).Value, 0, 0.15);
        Assert.Equal(0, CrossCorrelation.Of(Sound, new float[100]).Value, 1e-6);
    }
}
