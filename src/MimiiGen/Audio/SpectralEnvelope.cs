using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Audio;

/// <summary>
/// The coarse spectrum of a whole clip: levels in bands of equal width on the mel scale (2595 log10(1 + f/700)) from 0 Hz to half the sample
/// rate, and the filter without phase that gives a clip other such levels.
/// </summary>
public static class SpectralEnvelope
{
    private const double LargestGain = 18;
    private const int Passes = 4;

    /// <summary>Number of bands.</summary>
    public const int Bands = 32;

    /// <summary>Level of each band in dB relative to the level of the whole clip: (bands); silence is -120.</summary>
    /// <param name="samples">At least 100 ms.</param>
    /// <param name="sampleRate">In Hz.</param>
    public static float[] Measure(ReadOnlySpan<float> samples, int sampleRate)
    {
        using var scope = NewDisposeScope();
        var power = Power(samples);
        var levels = Levels(power, Matrix(power.shape[0], sampleRate, samples.Length));
        return levels.to(ScalarType.Float32).data<float>().ToArray();
    }

    /// <summary>The clip filtered so that its bands have these levels, relative to its whole, as far as a gain of 18 dB reaches.</summary>
    /// <param name="samples">At least 100 ms.</param>
    /// <param name="sampleRate">In Hz.</param>
    /// <param name="levels">Wanted levels in dB: (bands).</param>
    public static float[] Impose(ReadOnlySpan<float> samples, int sampleRate, ReadOnlySpan<float> levels)
    {
        using var scope = NewDisposeScope();
        var spectrum = fft.rfft(tensor(samples.ToArray()).to(ScalarType.Float64)); // (bins)
        var power = spectrum.abs().square();
        var bands = Matrix(power.shape[0], sampleRate, samples.Length); // (bands, bins)
        var wanted = tensor(levels.ToArray()).to(ScalarType.Float64); // (bands)
        var gains = zeros(Bands, dtype: ScalarType.Float64);
        for (var pass = 0; pass < Passes; pass++)
        {
            var reached = Levels(power * Curve(gains, bands).square(), bands);
            gains = (gains + (wanted - reached)).clamp(-LargestGain, LargestGain);
        }

        return fft.irfft(spectrum * Curve(gains, bands), samples.Length).to(ScalarType.Float32).data<float>().ToArray();
    }

    private static Tensor Power(ReadOnlySpan<float> samples) => fft.rfft(tensor(samples.ToArray()).to(ScalarType.Float64)).abs().square(); // (bins)

    private static Tensor Levels(Tensor power, Tensor bands)
    {
        var total = power.sum() + 1e-300;
        return 10 * ((bands.mv(power) / total) + 1e-12).log10(); // (bands)
    }

    /// <summary>Amplitude at each bin: gains in dB at the bands' centres, straight lines between them.</summary>
    private static Tensor Curve(Tensor gains, Tensor bands) => pow(10, bands.t().mv(gains) / 20); // (bins)

    /// <summary>Triangles that overlap by half and add to 1 at every bin: (bands, bins).</summary>
    private static Tensor Matrix(long bins, int sampleRate, int length)
    {
        var frequency = arange(bins, dtype: ScalarType.Float64) * ((double)sampleRate / length);
        var mel = ((frequency / 700) + 1).log10() * 2595;
        var highest = 2595 * Math.Log10(1 + (sampleRate / 1400.0));
        var position = (mel * ((Bands - 1) / highest)).clamp(0, Bands - 1); // (bins)
        return (1 - (position.unsqueeze(0) - arange(Bands, dtype: ScalarType.Float64).unsqueeze(1)).abs()).clamp_min(0);
    }
}
