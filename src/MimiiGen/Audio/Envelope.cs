using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Audio;

/// <summary>
/// Envelope analysis, the usual way to find bearing and gear faults: each knock rings at a resonance of the machine, and how often it
/// knocks is read from the spectrum of the resonance's envelope.
/// </summary>
public static class Envelope
{
    /// <summary>
    /// Amplitudes of the envelope's spectrum: Butterworth band pass of order 4 run forwards and backwards (no delay), magnitude of the
    /// analytic signal, its mean removed, |rfft| 2/n.
    /// </summary>
    /// <param name="samples">One channel of n samples.</param>
    /// <param name="sampleRate">Hz.</param>
    /// <param name="low">Lower edge of the resonance's band in Hz, above 0.</param>
    /// <param name="high">Its upper edge in Hz, below half the sample rate.</param>
    /// <returns>(n/2 + 1): bin k lies at k sampleRate / n Hz.</returns>
    /// <exception cref="BadInputException">Too few samples for the filter to settle (28 at least).</exception>
    public static double[] Spectrum(ReadOnlySpan<float> samples, int sampleRate, double low, double high)
    {
        var signal = new double[samples.Length];
        for (var i = 0; i < signal.Length; i++) signal[i] = samples[i];
        return AmplitudesWithoutMean(Magnitude(FilterBothWays(Butterworth.BandPass(4, low, high, sampleRate), signal)));
    }

    /// <summary>
    /// Zero-phase filtering: forwards, then backwards, from the steady state of a constant, over a signal continued at both ends by its
    /// own odd mirror image (scipy.signal.sosfiltfilt).
    /// </summary>
    internal static double[] FilterBothWays(Biquad[] sections, double[] signal)
    {
        var margin = 3 * ((2 * sections.Length) + 1);
        if (signal.Length <= margin) throw new BadInputException($"{signal.Length} samples are too few for an envelope spectrum; give at least {margin + 1}");
        var extended = new double[signal.Length + (2 * margin)];
        signal.CopyTo(extended, margin);
        for (var i = 1; i <= margin; i++)
        {
            extended[margin - i] = (2 * signal[0]) - signal[i];
            extended[^(margin - i + 1)] = (2 * signal[^1]) - signal[^(i + 1)];
        }

        for (var pass = 0; pass < 2; pass++)
        {
            var steady = extended[0];
            foreach (var section in sections)
                steady = section.RunFromSteadyState(extended, steady);
            Array.Reverse(extended);
        }

        return extended[margin..^margin];
    }

    /// <summary>|x + i Hilbert(x)|, by leaving out the negative frequencies of one transform over the whole signal.</summary>
    internal static double[] Magnitude(double[] signal)
    {
        using var scope = NewDisposeScope();
        var n = signal.Length;
        var weights = zeros(n, ScalarType.Float64);
        weights[TensorIndex.Slice(0, (n / 2) + 1)] = 2;
        weights[0] = 1;
        if (n % 2 == 0) weights[n / 2] = 1;
        var analytic = fft.ifft(fft.fft_(tensor(signal)) * weights); // (n), complex
        return [.. analytic.abs().data<double>()];
    }

    internal static double[] AmplitudesWithoutMean(double[] envelope)
    {
        using var scope = NewDisposeScope();
        var values = tensor(envelope);
        var spectrum = fft.rfft(values - values.mean()).abs() * (2.0 / envelope.Length); // (n/2 + 1)
        return [.. spectrum.data<double>()];
    }
}
