using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Audio;

/// <summary>
/// The coarse spectrum of a whole clip: levels in bands of equal width on the mel scale (2595 log10(1 + f/700)) from 0 Hz to half the sample
/// rate, and the filter without phase that gives a clip other such levels. The bands are triangles that overlap by half and add to 1, so that a bin of the
/// spectrum lies in two of them; its weights are computed where they are needed, and no more than the spectrum is kept however long the clip.
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
        using var spectrum = Spectrum(samples); // (bins)
        return [.. Levels(Bins(spectrum), new double[Bands], new Axis(sampleRate, samples.Length)).Select(level => (float)level)];
    }

    /// <summary>The clip filtered so that its bands have these levels, relative to its whole, as far as a gain of 18 dB reaches.</summary>
    /// <param name="samples">At least 100 ms.</param>
    /// <param name="sampleRate">In Hz.</param>
    /// <param name="levels">Wanted levels in dB: (bands).</param>
    public static float[] Impose(ReadOnlySpan<float> samples, int sampleRate, ReadOnlySpan<float> levels)
    {
        using var spectrum = Spectrum(samples); // (bins)
        var bins = Bins(spectrum);
        var axis = new Axis(sampleRate, samples.Length);
        var gains = new double[Bands]; // dB
        for (var pass = 0; pass < Passes; pass++)
        {
            var reached = Levels(bins, gains, axis);
            for (var b = 0; b < Bands; b++) gains[b] = Math.Clamp(gains[b] + levels[b] - reached[b], -LargestGain, LargestGain);
        }

        for (var k = 0; k < bins.Length; k++) bins[k] *= Amplitude(gains, axis.Place(k));
        using var filtered = fft.irfft(spectrum, samples.Length);
        var numbers = MemoryMarshal.Cast<byte, double>(filtered.bytes);
        var clip = new float[numbers.Length];
        for (var i = 0; i < clip.Length; i++) clip[i] = (float)numbers[i];
        return clip;
    }

    private static Tensor Spectrum(ReadOnlySpan<float> samples)
    {
        using var wave = empty(samples.Length, ScalarType.Float64);
        var numbers = MemoryMarshal.Cast<byte, double>(wave.bytes);
        for (var i = 0; i < numbers.Length; i++) numbers[i] = samples[i];
        return fft.rfft(wave); // (samples / 2 + 1)
    }

    private static Span<Complex> Bins(Tensor spectrum) => MemoryMarshal.Cast<byte, Complex>(spectrum.bytes);

    /// <summary>Levels in dB of the bands under gains in dB, relative to the whole.</summary>
    /// <param name="bins">The spectrum.</param>
    /// <param name="gains">(bands).</param>
    /// <param name="axis">Of the spectrum.</param>
    private static double[] Levels(ReadOnlySpan<Complex> bins, ReadOnlySpan<double> gains, Axis axis)
    {
        var powers = new double[Bands];
        for (var k = 0; k < bins.Length; k++)
        {
            var place = axis.Place(k);
            var amplitude = Amplitude(gains, place);
            var power = ((bins[k].Real * bins[k].Real) + (bins[k].Imaginary * bins[k].Imaginary)) * amplitude * amplitude;
            powers[place.Band] += (1 - place.Share) * power;
            powers[place.Band + 1] += place.Share * power;
        }

        var total = powers.Sum() + 1e-300;
        return [.. powers.Select(power => 10 * Math.Log10((power / total) + 1e-12))];
    }

    /// <summary>Gains in dB at the bands' centres, straight lines between them.</summary>
    private static double Amplitude(ReadOnlySpan<double> gains, (int Band, double Share) place) =>
        Math.Pow(10, (((1 - place.Share) * gains[place.Band]) + (place.Share * gains[place.Band + 1])) / 20);

    /// <summary>Where the bins of a spectrum lie among the bands.</summary>
    private readonly struct Axis(int sampleRate, int length)
    {
        private readonly double step = (double)sampleRate / length; // Hz from bin to bin
        private readonly double perMel = (Bands - 1) / MelScale.Htk.ToMel(sampleRate / 2.0);

        /// <summary>The lower one of the two bands that a bin lies in, and the share of the upper one.</summary>
        public (int Band, double Share) Place(int bin)
        {
            var position = Math.Min(MelScale.Htk.ToMel(bin * step) * perMel, Bands - 1);
            var band = Math.Min((int)position, Bands - 2);
            return (band, position - band);
        }
    }
}
