using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Audio;

/// <summary>
/// Levels of a whole clip in bands that are triangles, overlap by half and add to 1, so that a bin of the spectrum lies in two of them; and the filter without phase that gives a clip
/// other such levels. A bin's weights are computed where they are needed, and no more than the spectrum is kept however long the clip.
/// </summary>
/// <param name="count">Bands, from 0 Hz to half the sample rate.</param>
/// <param name="position">Where a frequency in Hz lies among them: 0 at the centre of the first, count - 1 at that of the last.</param>
/// <param name="largestGain">Gains of the filter are between this and its negative, in dB.</param>
internal sealed class TriangleBands(int count, Func<double, double> position, double largestGain)
{
    private const int Passes = 4;

    /// <summary>Level of each band in dB relative to the level of the whole clip: (bands); silence is -120.</summary>
    /// <param name="samples">The clip.</param>
    /// <param name="sampleRate">In Hz.</param>
    public float[] Measure(ReadOnlySpan<float> samples, int sampleRate)
    {
        using var spectrum = Spectrum(samples); // (bins)
        return [.. Levels(Bins(spectrum), new double[count], (double)sampleRate / samples.Length).Select(level => (float)level)];
    }

    /// <summary>The clip filtered so that its bands have these levels, relative to its whole, as far as the gains reach.</summary>
    /// <param name="samples">The clip.</param>
    /// <param name="sampleRate">In Hz.</param>
    /// <param name="levels">Wanted levels in dB: (bands).</param>
    public float[] Impose(ReadOnlySpan<float> samples, int sampleRate, ReadOnlySpan<float> levels)
    {
        using var spectrum = Spectrum(samples); // (bins)
        var bins = Bins(spectrum);
        var step = (double)sampleRate / samples.Length;
        var gains = new double[count]; // dB
        for (var pass = 0; pass < Passes; pass++)
        {
            var reached = Levels(bins, gains, step);
            for (var b = 0; b < count; b++) gains[b] = Math.Clamp(gains[b] + levels[b] - reached[b], -largestGain, largestGain);
        }

        for (var k = 0; k < bins.Length; k++) bins[k] *= Amplitude(gains, Place(k * step));
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
    /// <param name="step">Hz from bin to bin.</param>
    private double[] Levels(ReadOnlySpan<Complex> bins, ReadOnlySpan<double> gains, double step)
    {
        var powers = new double[count];
        for (var k = 0; k < bins.Length; k++)
        {
            var place = Place(k * step);
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

    /// <summary>The lower one of the two bands that a frequency lies in, and the share of the upper one.</summary>
    private (int Band, double Share) Place(double frequency)
    {
        var there = Math.Min(position(frequency), count - 1);
        var band = Math.Min((int)there, count - 2);
        return (band, there - band);
    }
}
