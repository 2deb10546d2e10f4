using MimiiGen.Codec;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Codec;

public sealed class LappedStartTests
{
    private static readonly EncodecConfig Config = new() { NumFilters = 16, UseCausalConv = false, NumLstmLayers = 0 };

    [Fact]
    public void BasisIsOrthonormalOverItsLaps()
    {
        using var scope = NewDisposeScope();
        var basis = LappedStart.Basis(320, 320); // (320, 640)
        var (first, second) = (basis[.., ..320], basis[.., 320..]);
        var own = first.matmul(first.t()) + second.matmul(second.t());
        var neighbour = second.matmul(first.t());
        Assert.True((own - eye(320)).abs().max().ToDouble() < 1e-5);
        Assert.True(neighbour.abs().max().ToDouble() < 1e-5);
    }

    [Fact]
    public void UntrainedCodecReturnsWhatLiesInItsLatentBand()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var chance = new Generator(1);
        using var model = new EncodecModel(Config);
        LappedStart.Apply(model, 3, 4800);
        model.eval();
        var spectrum = fft.rfft(randn([24000], generator: chance));
        spectrum[4300..] = 0;
        var waveform = fft.irfft(spectrum, 24000);
        waveform = (waveform * (0.1 / waveform.square().mean().sqrt())).reshape(1, 1, -1);

        var copy = model.Decode(model.Encode(waveform))[.., .., ..24000];

        var inside = TensorIndex.Slice(1000, 23000);
        var noise = (waveform - copy)[.., .., inside].square().sum();
        var snr = 10 * Math.Log10((waveform[.., .., inside].square().sum() / noise).ToDouble());
        Assert.True(snr > 15, $"signal-to-noise ratio {snr:0.0} dB");
    }

    [Fact]
    public void LatentsCarryEveryCoefficientUpToTheHighestOnce()
    {
        foreach (var highest in new[] { 3000.0, 4800, 6000, 8000, 12000 })
        {
            var bands = LappedStart.LatentBands(Config, highest);

            var carried = bands.SelectMany(b => Enumerable.Range(b.Start.Value, b.End.Value - b.Start.Value)).ToArray();
            var wanted = (int)Math.Min(Math.Ceiling(highest * 2 * 320 / 24000), 256);
            Assert.Equal(Enumerable.Range(0, Math.Max(wanted, carried.Length)), carried);
            Assert.InRange(bands.Count, 1, Config.HiddenSize);
            Assert.All(bands, b => Assert.InRange(b.End.Value - b.Start.Value, 1, 3));
        }
    }

    [Theory]
    [InlineData(8000.0, 3187.5)] // 214 coefficients in 128 latents: 85 have one each
    [InlineData(4800.0, null)]
    public void ItSaysFromWhereOnCoefficientsShareALatent(double highest, double? expected) => Assert.Equal(expected, LappedStart.NoiseAbove(EncodecConfig.Lapped, highest));

    [Fact]
    public void UntrainedCodecKeepsTheLevelOfNoiseInEveryOctave()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var chance = new Generator(2);
        using var model = new EncodecModel(Config);
        LappedStart.Apply(model, 3, 8000);
        var spectrum = fft.rfft(randn([120000], generator: chance));
        spectrum = spectrum / (1 + (arange(60001) / 5000)); // falls as machine noise does
        spectrum[39900..] = 0; // 16 kHz recordings hold nothing above
        var waveform = fft.irfft(spectrum, 120000);
        waveform = (waveform * (0.1 / waveform.square().mean().sqrt())).reshape(1, 1, -1);
        LappedStart.Whiten(model, waveform[0]);
        model.eval();

        var copy = model.Decode(model.Encode(waveform))[0, 0].narrow(0, 0, 120000);

        var power = fft.rfft(copy).abs().square();
        var wanted = fft.rfft(waveform[0, 0]).abs().square();
        foreach (var centre in new[] { 63, 125, 250, 500, 1000, 2000, 4000, 8000 })
        {
            var band = TensorIndex.Slice((long)(centre * 5 / Math.Sqrt(2)), Math.Min(39900, (long)(centre * 5 * Math.Sqrt(2))));
            var error = 10 * Math.Log10((power[band].sum() / wanted[band].sum()).ToDouble());
            Assert.True(Math.Abs(error) < 0.2, $"{centre} Hz: {error:0.00} dB");
        }
    }
}
