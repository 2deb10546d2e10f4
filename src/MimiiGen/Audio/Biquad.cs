namespace MimiiGen.Audio;

/// <summary>A second-order section: H(z) = (B0 + B1 z^-1 + B2 z^-2) / (1 + A1 z^-1 + A2 z^-2).</summary>
public readonly record struct Biquad(double B0, double B1, double B2, double A1, double A2)
{
    /// <summary>Sends samples through sections one after the other, starting at rest (transposed direct form II).</summary>
    public static double[] Filter(IEnumerable<Biquad> sections, ReadOnlySpan<float> samples)
    {
        var signal = new double[samples.Length];
        for (var i = 0; i < signal.Length; i++) signal[i] = samples[i];
        foreach (var section in sections) section.Run(signal, 0, 0);
        return signal;
    }

    /// <summary>Filters in place as if the signal had been <paramref name="constant"/> for ever before; returns the constant that comes out of it.</summary>
    internal double RunFromSteadyState(Span<double> signal, double constant)
    {
        var gain = (B0 + B1 + B2) / (1 + A1 + A2);
        var second = B2 - (A2 * gain);
        var first = B1 - (A1 * gain) + second;
        Run(signal, first * constant, second * constant);
        return gain * constant;
    }

    /// <summary>Filters in place from the two delay registers given.</summary>
    private void Run(Span<double> signal, double first, double second)
    {
        for (var i = 0; i < signal.Length; i++)
        {
            var x = signal[i];
            var y = (B0 * x) + first;
            first = (B1 * x) - (A1 * y) + second;
            second = (B2 * x) - (A2 * y);
            signal[i] = y;
        }
    }
}
