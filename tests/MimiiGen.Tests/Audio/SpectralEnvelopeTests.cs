using MimiiGen.Audio;
using TorchSharp;

namespace MimiiGen.Tests.Audio;

public sealed class SpectralEnvelopeTests
{
    [Fact]
    public void ImposedLevelsAreMeasuredAgain()
    {
        var samples = Noise(32000, 1);
        var wanted = SpectralEnvelope.Measure(samples, 16000);
        for (var i = 0; i < wanted.Length; i++) wanted[i] += (float)(4 * Math.Sin(0.7 * i));
        var imposed = SpectralEnvelope.Impose(samples, 16000, wanted);

        var reached = SpectralEnvelope.Measure(imposed, 16000);

        var offset = reached.Average() - wanted.Average(); // levels are relative to the whole: any common shift is the same shape
        for (var i = 0; i < wanted.Length; i++) Assert.Equal(wanted[i], reached[i] - offset, 0.5f);
    }

    [Fact]
    public void ItsOwnLevelsLeaveAClipAsItIs()
    {
        var samples = Noise(16000, 2);

        var same = SpectralEnvelope.Impose(samples, 16000, SpectralEnvelope.Measure(samples, 16000));

        for (var i = 0; i < samples.Length; i++) Assert.Equal(samples[i], same[i], 1e-4f);
    }

    [Fact]
    public void ALevelIsThatOfItsBand()
    {
        var samples = Enumerable.Range(0, 16000).Select(i => (float)(0.1 * Math.Sin(2 * Math.PI * 1000 * i / 16000))).ToArray();

        var levels = SpectralEnvelope.Measure(samples, 16000);

        var mel = 2595 * Math.Log10(1 + (1000 / 700.0)) * (SpectralEnvelope.Bands - 1) / (2595 * Math.Log10(1 + (8000 / 700.0)));
        var part = mel - Math.Floor(mel);
        Assert.Equal(10 * Math.Log10(part), levels[(int)Math.Ceiling(mel)], 0.1f);
        Assert.Equal(10 * Math.Log10(1 - part), levels[(int)Math.Floor(mel)], 0.1f);
    }

    [Theory]
    [InlineData(16000, 16000)]
    [InlineData(7001, 22050)]
    public void ItIsTheFilterOfTrianglesWrittenOutForEveryBin(int length, int sampleRate)
    {
        using var scope = torch.NewDisposeScope();
        var samples = Noise(length, 3);
        var wanted = SpectralEnvelope.Measure(samples, sampleRate);
        for (var i = 0; i < wanted.Length; i++) wanted[i] += i % 3 == 0 ? 30 : -5; // some beyond the largest gain
        var spectrum = torch.fft.rfft(torch.tensor(samples).to(torch.ScalarType.Float64));
        var triangles = Triangles(spectrum.shape[0], sampleRate, length);
        var gains = torch.zeros(SpectralEnvelope.Bands, torch.ScalarType.Float64);
        for (var pass = 0; pass < 4; pass++) gains = (gains + (torch.tensor(wanted) - Levels(spectrum * Curve()))).clamp(-18, 18);
        var filtered = torch.fft.irfft(spectrum * Curve(), length).to(torch.ScalarType.Float32).data<float>().ToArray();

        var measured = SpectralEnvelope.Measure(samples, sampleRate);
        var imposed = SpectralEnvelope.Impose(samples, sampleRate, wanted);

        var expected = Levels(spectrum).data<double>().ToArray();
        for (var i = 0; i < measured.Length; i++) Assert.Equal(expected[i], measured[i], 1e-5);
        for (var i = 0; i < length; i++) Assert.Equal(filtered[i], imposed[i], 1e-7f);

        torch.Tensor Curve() => torch.pow(10, triangles.t().mv(gains) / 20); // (bins)

        torch.Tensor Levels(torch.Tensor bins) // (bands)
        {
            var power = bins.abs().square();
            return 10 * ((triangles.mv(power) / power.sum()) + 1e-12).log10();
        }
    }

    /// <summary>(bands, bins).</summary>
    private static torch.Tensor Triangles(long bins, int sampleRate, int length)
    {
        var mel = ((torch.arange(bins, dtype: torch.ScalarType.Float64) * ((double)sampleRate / length / 700)) + 1).log10() * 2595;
        var position = (mel * ((SpectralEnvelope.Bands - 1) / (2595 * Math.Log10(1 + (sampleRate / 1400.0))))).clamp(0, SpectralEnvelope.Bands - 1); // (bins)
        return (1 - (position.unsqueeze(0) - torch.arange(SpectralEnvelope.Bands, dtype: torch.ScalarType.Float64).unsqueeze(1)).abs()).clamp_min(0);
    }

    private static float[] Noise(int length, ulong seed)
    {
        using var chance = new torch.Generator(seed);
        using var noise = torch.randn([length], generator: chance) * 0.1;
        return noise.data<float>().ToArray();
    }
}
