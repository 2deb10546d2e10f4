using MimiiGen.Audio;

namespace MimiiGen.Tests.Audio;

public sealed class WaveformCheckTests
{
    [Fact]
    public void AGoodClipHasNoProblem()
    {
        var check = WaveformCheck.Of([0f, 0.5f, -0.5f], fewest: 3);
        Assert.Equal(new WaveformCheck(3, 0, Silent: false, 0, TooShort: false), check);
        check.Require("clip.wav");
    }

    [Theory]
    [InlineData(new float[] { }, 1, "at least 1")]
    [InlineData(new[] { 0f, 1f }, 1024, "at least 1024")]
    [InlineData(new[] { 0f, float.NaN, float.PositiveInfinity }, 1, "2 samples that are NaN or infinite")]
    [InlineData(new[] { 0f, 0f, 0f }, 1, "silent")]
    [InlineData(new[] { 0.25f, 0.25f, 0.25f }, 1, "silent")]
    public void ProblemsAreNamedWithTheClip(float[] samples, int fewest, string words)
    {
        var refusal = Assert.Throws<BadInputException>(() => WaveformCheck.Of(samples, fewest).Require("clip.wav"));
        Assert.StartsWith("clip.wav ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OnlyRunsAtFullScaleCountAsClipped()
    {
        var check = WaveformCheck.Of([1f, 0f, 1f, 1f, 1f, 1f, -1f, -1f, 0f, -2f, -2f, -2f]);
        Assert.Equal(7, check.Clipped);
        Assert.Null(check.Problem);
    }
}
