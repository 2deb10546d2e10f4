using MimiiGen.Audio;
using MimiiGen.Tests.Golden;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Audio;

public sealed class WelchTests
{
    [Theory]
    [InlineData("fan")]
    [InlineData("valve")]
    public void MatchesScipy(string input)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFile.Tensors("audio/spectral.safetensors");
        var samples = GoldenFile.Tensors("audio/inputs.safetensors")[input].data<float>().ToArray();
        AssertRelative(golden[$"welch.{input}.density"], Welch.Density(samples, 16000, 1024));
        AssertRelative(golden[$"welch.{input}.spectrum_no_detrend"], Welch.Spectrum(samples, 1024, removeMean: false));
    }

    [Fact]
    public void ShortClipsShortenTheSegment() => Assert.Equal(6, Welch.Density(new float[10], 16000, 1024).Length);

    private static void AssertRelative(Tensor expected, double[] actual)
    {
        var values = expected.data<double>().ToArray();
        Assert.Equal(values.Length, actual.Length);
        var largest = values.Max();
        for (var k = 0; k < values.Length; k++) Assert.Equal(values[k], actual[k], Math.Max(1e-9 * values[k], 1e-15 * largest));
    }
}
