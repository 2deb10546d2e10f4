using MimiiGen.Audio;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training.Adversarial;

/// <summary>Power in mel bands, with its gradient path.</summary>
internal sealed class MelSpectrum : IDisposable
{
    private readonly int length;
    private readonly Tensor window; // (length), of unit energy
    private readonly Tensor bank; // (mels, bins)

    /// <param name="sampleRate">Hz.</param>
    /// <param name="length">Of the window in samples; the hop is a quarter of it.</param>
    /// <param name="mels">Bands; those narrower than a bin are left out, since they hold nothing.</param>
    /// <param name="highest">Upper edge of the last band in Hz.</param>
    /// <param name="scale">Where the bands lie.</param>
    /// <param name="device">Where the waveforms lie.</param>
    public MelSpectrum(int sampleRate, int length, int mels, double highest, MelScale scale, Device device)
    {
        this.length = length;
        using var scope = NewDisposeScope();
        var all = tensor(MelBank.InHertz(sampleRate, length, mels, 0, highest, scale, equalArea: false)).to(ScalarType.Float32);
        window = UnitWindow(length).to(device).DetachFromDisposeScope();
        bank = all.index_select(0, all.sum([1]).gt(0).nonzero().flatten()).to(device).DetachFromDisposeScope();
    }

    /// <summary>(batch, samples) to (batch, mels, frames).</summary>
    public Tensor Power(Tensor waveform)
    {
        using var scope = NewDisposeScope();
        var spectrum = stft(waveform, length, length / 4, length, window, center: true, pad_mode: PaddingModes.Reflect, return_complex: true); // (batch, bins, frames)
        return bank.matmul(view_as_real(spectrum).square().sum(3)).MoveToOuterDisposeScope(); // (batch, mels, frames)
    }

    /// <summary>A Hann window of unit energy, so that spectra of all lengths are alike in scale: (length).</summary>
    internal static Tensor UnitWindow(int length)
    {
        using var scope = NewDisposeScope();
        var hann = hann_window(length);
        return (hann / hann.square().sum().sqrt()).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        window.Dispose();
        bank.Dispose();
    }
}
