using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>
/// Distance between log power spectra in uniform bands at several window lengths, as EnCodec's multi-scale spectral loss has it, with two
/// differences that machine noise asks for: bands of equal width, so that the quiet upper octaves count as much as the lower ones, and a
/// second term on the power averaged over the whole crop, which a noise-like band can meet though its single frames are random.
/// </summary>
internal sealed class SpectralLoss : IDisposable
{
    private const double Floor = 1e-9;
    private static readonly int[] Lengths = [512, 1024, 2048];

    private readonly Tensor[] windows;
    private readonly int sampleRate;
    private readonly double highest;

    /// <param name="sampleRate">Of the waveforms.</param>
    /// <param name="highest">Frequency in Hz up to which bands are compared.</param>
    /// <param name="device">Where the waveforms lie.</param>
    public SpectralLoss(int sampleRate, double highest, Device device)
    {
        (this.sampleRate, this.highest) = (sampleRate, highest);
        windows = [.. Lengths.Select(n => hann_window(n, device: device).DetachFromDisposeScope())];
    }

    /// <summary>Mean absolute difference in nepers; waveforms are (batch, samples).</summary>
    public Tensor Compare(Tensor original, Tensor copy)
    {
        using var scope = NewDisposeScope();
        Tensor sum = zeros(1, device: original.device);
        for (var i = 0; i < Lengths.Length; i++)
        {
            var a = Bands(original, i);
            var b = Bands(copy, i);
            sum = sum + (Log(a) - Log(b)).abs().mean() + (Log(a.mean([2])) - Log(b.mean([2]))).abs().mean();
        }

        return (sum / (2 * Lengths.Length)).sum().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var window in windows) window.Dispose();
    }

    private static Tensor Log(Tensor power) => (power + Floor).log() / 2;

    private Tensor Bands(Tensor waveform, int scale) // (batch, samples)
    {
        var n = Lengths[scale];
        var spectrum = stft(waveform, n, n / 4, n, windows[scale], center: true, pad_mode: PaddingModes.Reflect, return_complex: true); // (batch, n/2+1, frames)
        var power = view_as_real(spectrum).square().sum(3) / (0.375 * n * n / 2); // (batch, n/2+1, frames)
        var width = n / 256;
        var count = (int)(highest * n / sampleRate / width);
        return power.narrow(1, 1, count * width).unflatten(1, [count, width]).mean([2]); // (batch, bands, frames)
    }
}
