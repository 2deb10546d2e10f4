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
        LappedStart.Apply(model, 3);
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
}
