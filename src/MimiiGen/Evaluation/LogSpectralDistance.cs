using MimiiGen.Audio;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>
/// Log-spectral distances of a clip and its copy: the root of the mean over frequencies of the squared difference of log power spectra,
/// averaged over frames. Programs differ in their settings; the two in use are here.
/// </summary>
public static class LogSpectralDistance
{
    private const double Floor = 1e-10; // of the power

    private static readonly Stft Spectrum = new(1024, 256, StftPadding.Zeros);

    /// <summary>In dB: frames of 1024 every 256 samples, powers not below 1e-10.</summary>
    /// <param name="target">The original.</param>
    /// <param name="estimate">Its copy, as long and of the same rate.</param>
    public static double Decibels(ReadOnlySpan<float> target, ReadOnlySpan<float> estimate)
    {
        using var scope = NewDisposeScope();
        var difference = Level(target) - Level(estimate); // (bins, frames)
        return difference.square().mean([0L]).sqrt().mean().ToDouble();

        static Tensor Level(ReadOnlySpan<float> samples) => 10 * Spectrum.Power(tensor(samples.ToArray(), ScalarType.Float64)).clamp_min(Floor).log10();
    }

    /// <summary>As ssr_eval computes it, and audioldm_eval with it: log10, no factor 10, frames of 2048/44100 s every 441/44100 s.</summary>
    /// <param name="target">The original.</param>
    /// <param name="estimate">Its copy, as long and of the same rate.</param>
    /// <param name="sampleRate">Their rate in Hz.</param>
    public static double SsrEval(ReadOnlySpan<float> target, ReadOnlySpan<float> estimate, int sampleRate)
    {
        const double Epsilon = 1e-12;
        using var scope = NewDisposeScope();
        var spectrum = new Stft((int)(2048.0 * sampleRate / 44100), (int)(441.0 * sampleRate / 44100), StftPadding.Zeros);
        var t = spectrum.Power(tensor(target.ToArray(), ScalarType.Float64)); // (bins, frames)
        var e = spectrum.Power(tensor(estimate.ToArray(), ScalarType.Float64)).sqrt() + Epsilon;
        return ((t / e.square()) + Epsilon).log10().square().mean([0L]).sqrt().mean().ToDouble();
    }
}
