using MimiiGen.Audio;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training.Adversarial;

/// <summary>
/// EnCodec's loss over mel spectrograms of windows of 32 to 2048 samples, hop a quarter (Défossez et al. 2022, section 3.4): L1 of the magnitudes and, as
/// audiocraft reads the paper's second term, the mean square difference of their decimal logarithms, both of weight 1.
/// </summary>
internal sealed class MultiScaleMelLoss : IDisposable
{
    private const int Bands = 64;
    private const double Floor = 1e-5;
    private static readonly int[] Lengths = [32, 64, 128, 256, 512, 1024, 2048];

    private readonly MelSpectrum[] spectra;

    /// <param name="sampleRate">Of the waveforms, Hz.</param>
    /// <param name="highest">Frequency in Hz up to which the recordings hold sound.</param>
    /// <param name="device">Where the waveforms lie.</param>
    public MultiScaleMelLoss(int sampleRate, double highest, Device device) =>
        spectra = [.. Lengths.Select(n => new MelSpectrum(sampleRate, n, Bands, highest, MelScale.Htk, device))];

    /// <summary>Mean over the scales; waveforms are (batch, samples).</summary>
    public Tensor Compare(Tensor original, Tensor copy)
    {
        using var scope = NewDisposeScope();
        return stack(spectra.Select(spectrum =>
        {
            var a = Magnitude(spectrum, original); // (batch, mels, frames)
            var b = Magnitude(spectrum, copy);
            return (a - b).abs().mean() + ((a + Floor).log10() - (b + Floor).log10()).square().mean();
        })).mean().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var spectrum in spectra) spectrum.Dispose();
    }

    private static Tensor Magnitude(MelSpectrum spectrum, Tensor waveform) => (spectrum.Power(waveform) + (Floor * Floor)).sqrt();
}
