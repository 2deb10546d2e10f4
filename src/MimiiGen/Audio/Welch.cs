using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Audio;

/// <summary>Welch's average of windowed periodograms: periodic Hann, segments that overlap by half, one-sided, as scipy.signal.welch.</summary>
public static class Welch
{
    /// <summary>Power spectral density.</summary>
    /// <param name="samples">One channel; a segment longer than it is shortened to it.</param>
    /// <param name="sampleRate">Hz.</param>
    /// <param name="segment">Samples of a segment, N.</param>
    /// <param name="removeMean">Take each segment's mean away first (scipy's default).</param>
    /// <returns>(N/2 + 1): full scale squared per Hz at k sampleRate / N; empty for no samples.</returns>
    public static double[] Density(ReadOnlySpan<float> samples, int sampleRate, int segment, bool removeMean = true) =>
        Average(samples, segment, removeMean, window => sampleRate * window.square().sum());

    /// <summary>Power spectrum: a sine of amplitude a on a bin reads a^2 / 2.</summary>
    /// <param name="samples">One channel; a segment longer than it is shortened to it.</param>
    /// <param name="segment">Samples of a segment, N.</param>
    /// <param name="removeMean">Take each segment's mean away first (scipy's default).</param>
    /// <returns>(N/2 + 1): full scale squared at k sampleRate / N; empty for no samples.</returns>
    public static double[] Spectrum(ReadOnlySpan<float> samples, int segment, bool removeMean = true) =>
        Average(samples, segment, removeMean, window => window.sum().square());

    private static double[] Average(ReadOnlySpan<float> samples, int segment, bool removeMean, Func<Tensor, Tensor> norm)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(segment, 2);
        if (samples.IsEmpty) return [];
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var length = Math.Min(segment, samples.Length);
        var window = hann_window(length, periodic: true, dtype: ScalarType.Float64);
        var segments = tensor(samples.ToArray()).to(ScalarType.Float64).unfold(0, length, length - (length / 2)); // (segments, N)
        if (removeMean) segments = segments - segments.mean([-1], keepdim: true);
        var power = view_as_real(fft.rfft(segments * window)).square().sum(-1).mean([0]); // (bins)
        var density = (power / norm(window)).data<double>().ToArray();
        var mirrored = length % 2 == 0 ? density.Length - 1 : density.Length; // neither 0 Hz nor the Nyquist bin has a mirror image
        for (var k = 1; k < mirrored; k++) density[k] *= 2;
        return density;
    }
}
