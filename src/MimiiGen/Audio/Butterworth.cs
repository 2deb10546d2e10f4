using System.Numerics;

namespace MimiiGen.Audio;

/// <summary>Butterworth filters as second-order sections, from the analogue prototype by the bilinear transform.</summary>
public static class Butterworth
{
    /// <summary>A band pass that is 3 dB down at its edges and rises from 0 Hz with the order given.</summary>
    /// <param name="order">Order of the low-pass prototype, at least 1: the band pass has twice as many poles.</param>
    /// <param name="low">Lower edge in Hz, above 0.</param>
    /// <param name="high">Upper edge in Hz, below half the sample rate.</param>
    /// <param name="sampleRate">Hz.</param>
    /// <returns>As many sections as the order, each of gain 1 at the band's centre.</returns>
    public static Biquad[] BandPass(int order, double low, double high, int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(order);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(low);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(high, low);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(high, sampleRate / 2.0);
        var (warpedLow, warpedHigh) = (Math.Tan(Math.PI * low / sampleRate), Math.Tan(Math.PI * high / sampleRate));
        var centre = Math.Sqrt(warpedLow * warpedHigh);
        var poles = new List<Complex>();
        for (var k = 0; k < order; k++)
        {
            var prototype = Complex.FromPolarCoordinates(1, Math.PI * ((2 * k) + 1 + order) / (2 * order));
            var half = prototype * ((warpedHigh - warpedLow) / 2);
            var root = Complex.Sqrt((half * half) - (centre * centre));
            poles.Add((1 + half + root) / (1 - half - root));
            poles.Add((1 + half - root) / (1 - half + root));
        }

        // a section takes a pole and its conjugate; real poles, of odd orders and wide bands, go two and two
        const double negligible = 1e-12;
        var real = poles.Where(p => Math.Abs(p.Imaginary) <= negligible).Select(p => p.Real).Order().ToArray();
        return
        [
            .. poles.Where(p => p.Imaginary > negligible).Select(p => Section(2 * p.Real, p.Real * p.Real + p.Imaginary * p.Imaginary, centre)),
            .. real.Chunk(2).Select(p => Section(p[0] + p[1], p[0] * p[1], centre)),
        ];
    }

    /// <summary>Zeros at 0 Hz and at half the sample rate, poles by their sum and product.</summary>
    private static Biquad Section(double sum, double product, double centre)
    {
        var z = Complex.FromPolarCoordinates(1, -2 * Math.Atan(centre)); // z^-1 at the centre frequency
        var gain = Complex.Abs((1 - (sum * z) + (product * z * z)) / (1 - (z * z)));
        return new Biquad(gain, 0, -gain, -sum, product);
    }
}
