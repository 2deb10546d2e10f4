using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Audio;

/// <summary>
/// Finds a phase for a magnitude spectrum by going back and forth between samples and spectrum (D. Griffin, J. Lim 1984), with the
/// momentum of N. Perraudin, P. Balazs, P. Sondergaard 2013 in librosa's form: m enters as m / (1 + m).
/// </summary>
public static class GriffinLim
{
    private const double Tiny = 2.2250738585072014e-308; // keeps 0/0 away, as librosa does

    /// <summary>Samples whose spectrum has nearly the magnitudes given.</summary>
    /// <param name="magnitude">(bins, frames), float32 or float64, of a centred transform.</param>
    /// <param name="stft">That transform.</param>
    /// <param name="length">Samples to return.</param>
    /// <param name="iterations">Times to go back and forth.</param>
    /// <param name="momentum">0 (plain) to below 1.</param>
    /// <param name="phase">(bins, frames), radians to start from; zero where it is left out.</param>
    /// <returns>(samples), in the type of the magnitudes.</returns>
    public static Tensor Reconstruct(Tensor magnitude, Stft stft, int length, int iterations = 32, double momentum = 0.99, Tensor? phase = null)
    {
        ArgumentNullException.ThrowIfNull(magnitude);
        ArgumentNullException.ThrowIfNull(stft);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var floor = magnitude.dtype == ScalarType.Float64 ? Tiny : 1.17549435e-38;
        var angle = phase ?? zeros_like(magnitude);
        var spectrum = magnitude * complex(angle.cos(), angle.sin()); // (bins, frames), complex
        Tensor? previous = null;
        for (var i = 0; i < iterations; i++)
        {
            using var step = NewDisposeScope();
            var rebuilt = stft.Transform(stft.Inverse(spectrum, length));
            var ahead = previous is null ? rebuilt : rebuilt - (previous * (momentum / (1 + momentum)));
            var next = magnitude * (ahead / (ahead.abs() + floor));
            spectrum.Dispose();
            previous?.Dispose();
            spectrum = next.MoveToOuterDisposeScope();
            previous = rebuilt.MoveToOuterDisposeScope();
        }

        return stft.Inverse(spectrum, length).MoveToOuterDisposeScope(); // (samples)
    }
}
