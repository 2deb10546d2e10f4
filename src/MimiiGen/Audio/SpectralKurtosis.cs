using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Audio;

/// <summary>
/// How impulsive each frequency is: mean over time of |X|^4 / (mean |X|^2)^2 - 2 (J. Antoni, 2006). Gaussian noise gives 0, a steady
/// sine -1, a band that knocks now and then a large value.
/// </summary>
public static class SpectralKurtosis
{
    /// <summary>From frames of 512 samples, 128 apart, under a periodic Hann window.</summary>
    /// <returns>(257): bin k lies at k sampleRate / 512; NaN where a bin has no energy at all.</returns>
    /// <exception cref="BadInputException">Fewer than 512 samples.</exception>
    public static double[] Of(ReadOnlySpan<float> samples)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var signal = tensor(samples.ToArray()).to(ScalarType.Float64);
        var power = new Stft(512, 128, StftPadding.None).Power(signal); // (bins, frames)
        var kurtosis = (power.square().mean([-1]) / power.mean([-1]).square()) - 2; // (bins)
        return [.. kurtosis.data<double>()];
    }
}
