using static TorchSharp.torch;

namespace MimiiGen.Generation;

/// <summary>
/// What a clip's latent rows hold within: the spectrum of each row's course over time, power in bands of equal width from 0 Hz to half the frame rate, relative to the row's mean.
/// A row of the lapped codec is 37.5 Hz of the sound wide, and its course over time has what lies within these: at 75 frames a second a band is 4.7 Hz of sound. Tones and narrow
/// noise that a machine has are the same all through a clip and differ from clip to clip, so that no crop tells a diffusion model of them. As with levels, these of a heard clip are
/// imposed on what was sampled, by a filter without phase; to set such statistics on noise is texture synthesis (McDermott and Simoncelli 2011, "Sound texture perception via
/// statistics of the auditory periphery").
/// </summary>
internal static class RowSpectra
{
    /// <summary>Bands of each row.</summary>
    public const int Bands = 8;

    /// <summary>A clip needs so many frames for each band to have a bin.</summary>
    public const int FewestFrames = 2 * Bands;

    private const double LargestGain = 8; // as amplitude: 18 dB
    private const double Smallest = 1e-6; // of the row's mean power

    /// <summary>Natural logarithm of each band's mean power over the row's: (rows x bands), band after band of a row.</summary>
    /// <param name="shape">(rows, frames), at least <see cref="FewestFrames"/>.</param>
    public static float[] Measure(Tensor shape)
    {
        using var scope = NewDisposeScope();
        return Powers(Spectrum(shape)).log().flatten().cpu().data<float>().ToArray();
    }

    /// <summary>The shape with such spectra, each row of unit rms.</summary>
    /// <param name="shape">(rows, frames), at least <see cref="FewestFrames"/>.</param>
    /// <param name="spectra">(rows x bands), as measured.</param>
    /// <returns>(rows, frames).</returns>
    public static Tensor Impose(Tensor shape, ReadOnlySpan<float> spectra)
    {
        using var scope = NewDisposeScope();
        var spectrum = Spectrum(shape); // (rows, bins)
        var wanted = tensor(spectra.ToArray(), [shape.shape[0], Bands], device: shape.device).exp(); // (rows, bands)
        var gains = (wanted / Powers(spectrum)).sqrt().clamp(1 / LargestGain, LargestGain);
        var everywhere = nn.functional.interpolate(gains.unsqueeze(0), [spectrum.shape[1]], mode: InterpolationMode.Linear, align_corners: false)[0]; // (rows, bins)
        var filtered = fft.irfft(spectrum * everywhere, shape.shape[1], dim: 1); // (rows, frames)
        return (filtered / (filtered.square().mean([1], keepdim: true).sqrt() + Smallest)).MoveToOuterDisposeScope();
    }

    private static Tensor Spectrum(Tensor shape) => fft.rfft(shape, dim: 1); // (rows, bins)

    /// <summary>Mean power of the bands over their own mean: (rows, bands).</summary>
    private static Tensor Powers(Tensor spectrum)
    {
        var bins = spectrum.shape[1];
        var power = spectrum.abs().square(); // (rows, bins)
        var bands = stack(Enumerable.Range(0, Bands).Select(b => power.narrow(1, b * bins / Bands, ((b + 1) * bins / Bands) - (b * bins / Bands)).mean([1])), 1); // (rows, bands)
        return (bands / (bands.mean([1], keepdim: true) + 1e-12)).clamp_min(Smallest);
    }
}
