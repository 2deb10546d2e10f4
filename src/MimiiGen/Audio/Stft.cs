using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Audio;

/// <summary>Short-time Fourier transform under a Hann window: X[k, t] = sum over n of w[n] x[t hop + n] exp(-2 pi i k n / N).</summary>
public sealed class Stft
{
    private readonly Tensor window; // (windowLength), float64

    /// <summary>Sets up the transform.</summary>
    /// <param name="fftLength">N, samples of a frame; bins are N/2 + 1.</param>
    /// <param name="hopLength">Samples from one frame to the next.</param>
    /// <param name="padding">What lies beyond the ends, or no centring.</param>
    /// <param name="windowLength">Samples under the window, in the middle of the frame; N where it is left out.</param>
    /// <param name="periodic">Periodic Hann (the usual one for spectra), or symmetric.</param>
    public Stft(int fftLength, int hopLength, StftPadding padding, int? windowLength = null, bool periodic = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fftLength, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hopLength);
        FftLength = fftLength;
        HopLength = hopLength;
        Padding = padding;
        WindowLength = windowLength ?? fftLength;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(WindowLength, fftLength, nameof(windowLength));
        window = hann_window(WindowLength, periodic, ScalarType.Float64).DetachFromDisposeScope();
    }

    /// <summary>N, samples of a frame.</summary>
    public int FftLength { get; }

    /// <summary>Samples from one frame to the next.</summary>
    public int HopLength { get; }

    /// <summary>Samples under the window.</summary>
    public int WindowLength { get; }

    /// <summary>What lies beyond the ends of the signal.</summary>
    public StftPadding Padding { get; }

    /// <summary>The window's values, (<see cref="WindowLength"/>).</summary>
    internal double[] Window => [.. window.data<double>()];

    /// <summary>N/2 + 1, from 0 Hz to half the sample rate.</summary>
    public int Bins => (FftLength / 2) + 1;

    /// <summary>The fewest samples that give a frame.</summary>
    public int ShortestInput => Padding switch
    {
        StftPadding.None => FftLength,
        StftPadding.Zeros => 1,
        _ => (FftLength / 2) + 1,
    };

    /// <summary>Frames that so many samples give: 1 + samples / hop when centred, 1 + (samples - N) / hop when not, 0 below <see cref="ShortestInput"/>.</summary>
    public int Frames(int samples) =>
        samples < ShortestInput ? 0 : 1 + ((Padding == StftPadding.None ? samples - FftLength : samples) / HopLength);

    /// <summary>The complex spectrum, computed in the type of the samples.</summary>
    /// <param name="samples">(..., samples), float32 or float64; at most one dimension before the last.</param>
    /// <returns>(..., bins, frames), complex.</returns>
    /// <exception cref="BadInputException">Fewer samples than <see cref="ShortestInput"/>.</exception>
    public Tensor Transform(Tensor samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.shape[^1] < ShortestInput)
            throw new BadInputException($"{samples.shape[^1]} samples are too few for a spectrum of {FftLength}-sample frames; give at least {ShortestInput}");
        using var scope = NewDisposeScope();
        return stft(
            samples,
            FftLength,
            HopLength,
            WindowLength,
            window.to(samples.dtype, samples.device),
            center: Padding != StftPadding.None,
            pad_mode: Padding == StftPadding.Reflection ? PaddingModes.Reflect : PaddingModes.Constant,
            return_complex: true).MoveToOuterDisposeScope(); // (..., bins, frames)
    }

    /// <summary>The power spectrum |X|^2.</summary>
    /// <param name="samples">(..., samples), float32 or float64.</param>
    /// <returns>(..., bins, frames).</returns>
    /// <exception cref="BadInputException">Fewer samples than <see cref="ShortestInput"/>.</exception>
    public Tensor Power(Tensor samples)
    {
        using var scope = NewDisposeScope();
        var spectrum = view_as_real(Transform(samples)); // (..., bins, frames, 2)
        return spectrum.square().sum(-1).MoveToOuterDisposeScope(); // (..., bins, frames)
    }

    /// <summary>The samples whose transform comes nearest, by windowed overlap-add.</summary>
    /// <param name="spectrum">(..., bins, frames), complex, of a centred transform.</param>
    /// <param name="length">Samples to return.</param>
    /// <returns>(..., samples).</returns>
    public Tensor Inverse(Tensor spectrum, int length)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        if (Padding == StftPadding.None) throw new InvalidOperationException("only a centred transform has an inverse at its ends");
        using var scope = NewDisposeScope();
        var real = spectrum.dtype == ScalarType.ComplexFloat64 ? ScalarType.Float64 : ScalarType.Float32;
        return istft(spectrum, FftLength, HopLength, WindowLength, window.to(real, spectrum.device), center: true, length: length)
            .MoveToOuterDisposeScope(); // (..., samples)
    }
}
