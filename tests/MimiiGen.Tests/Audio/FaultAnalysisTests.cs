using MimiiGen.Audio;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Audio;

/// <summary>Spectral kurtosis and the envelope spectrum, which find knocks.</summary>
public sealed class FaultAnalysisTests
{
    [Theory]
    [InlineData("fan")]
    [InlineData("valve")]
    public void SpectralKurtosisMatchesTheReference(string input)
    {
        using var scope = NewDisposeScope();
        AssertClose($"spectral_kurtosis.{input}", SpectralKurtosis.Of(Input(input)), 257);
    }

    [Fact]
    public void BearingLinesMatchTheReference()
    {
        using var scope = NewDisposeScope();
        var signal = Golden()["bearing.signal"].data<double>().ToArray();
        var filtered = Envelope.FilterBothWays(Butterworth.BandPass(4, 2000, 5000, 16000), signal);
        AssertClose("bearing.filtered_first_2000", filtered, 2000);
        var envelope = Envelope.Magnitude(filtered);
        var mean = envelope.Average();
        AssertClose("bearing.envelope_first_2000", [.. envelope.Select(x => x - mean)], 2000);
        var spectrum = Envelope.AmplitudesWithoutMean(envelope);
        AssertClose("bearing.envelope_spectrum_0_999Hz", spectrum, 1000);
        var lines = Enumerable.Range(0, 1000).OrderByDescending(k => spectrum[k]).Take(4);
        Assert.Equal([97, 194, 291, 388], lines);
    }

    [Fact]
    public void EnvelopeSpectrumOfARecordingMatchesTheReference()
    {
        using var scope = NewDisposeScope();
        AssertClose("fan.envelope_spectrum_0_999Hz", Envelope.Spectrum(Input("fan"), 16000, 2000, 5000), 1000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void BandPassesOfAnyOrderAndWidthKeepTheirCentre(int order)
    {
        foreach (var (low, high) in new[] { (2000.0, 5000.0), (20.0, 7900.0) })
        {
            var sections = Butterworth.BandPass(order, low, high, 16000);
            Assert.Equal(order, sections.Length);
            var centre = 16000 / Math.PI * Math.Atan(Math.Sqrt(Math.Tan(Math.PI * low / 16000) * Math.Tan(Math.PI * high / 16000)));
            var tone = Enumerable.Range(0, 32000).Select(i => (float)Math.Sin(2 * Math.PI * centre * i / 16000)).ToArray();
            var passed = Biquad.Filter(sections, tone)[16000..];
            Assert.Equal(0, 10 * Math.Log10(2 * passed.Average(x => x * x)), 0.01);
        }
    }

    [Fact]
    public void TooFewSamplesAreRefused()
    {
        Assert.Throws<BadInputException>(() => Envelope.Spectrum(new float[27], 16000, 2000, 5000));
        Assert.Throws<BadInputException>(() => SpectralKurtosis.Of(new float[511]));
    }

    private static Dictionary<string, Tensor> Golden() => GoldenFile.Tensors("audio/spectral.safetensors");

    private static float[] Input(string name) => GoldenFile.Tensors("audio/inputs.safetensors")[name].data<float>().ToArray();

    private static void AssertClose(string name, double[] actual, int count)
    {
        var expected = Golden()[name];
        GoldenFile.AssertClose(expected, tensor(actual[..count]), 1e-9 * expected.abs().max().ToDouble(), name);
    }
}
