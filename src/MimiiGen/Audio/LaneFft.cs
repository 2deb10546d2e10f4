using System.Numerics;

namespace MimiiGen.Audio;

/// <summary>
/// Power spectra of several real signals at once, one in each lane of a vector register: a butterfly is then the same plain instruction for all of them.
/// Radix 4 (Stockham's order, no bit reversal) on half the length, even samples as real and odd ones as imaginary parts.
/// </summary>
internal sealed class LaneFft
{
    private readonly int half; // complex points
    private readonly double[] cosines; // of -2 pi k / half
    private readonly double[] sines;
    private readonly (double Cos, double Sin)[] unpack; // of -2 pi k / length

    /// <param name="length">Samples of a signal, a power of two from 4 on.</param>
    public LaneFft(int length)
    {
        if (length < 4 || !BitOperations.IsPow2(length)) throw new ArgumentOutOfRangeException(nameof(length), length, "a power of two from 4 on");
        half = length / 2;
        cosines = [.. Enumerable.Range(0, half).Select(k => Math.Cos(-2 * Math.PI * k / half))];
        sines = [.. Enumerable.Range(0, half).Select(k => Math.Sin(-2 * Math.PI * k / half))];
        unpack = [.. Enumerable.Range(0, half + 1).Select(k => (Math.Cos(-2 * Math.PI * k / length), Math.Sin(-2 * Math.PI * k / length)))];
    }

    /// <summary>Vectors of room that <see cref="Power"/> needs.</summary>
    public int Room => 4 * half;

    /// <summary>|X[k]|² of each lane.</summary>
    /// <param name="samples">(length), used up.</param>
    /// <param name="power">(length / 2 + 1).</param>
    /// <param name="room">(<see cref="Room"/>).</param>
    public void Power(ReadOnlySpan<Vector<double>> samples, Span<Vector<double>> power, Span<Vector<double>> room)
    {
        Span<Vector<double>> re = room[..half], im = room[half..(2 * half)];
        Span<Vector<double>> otherRe = room[(2 * half)..(3 * half)], otherIm = room[(3 * half)..(4 * half)];
        for (var k = 0; k < half; k++) (re[k], im[k]) = (samples[2 * k], samples[(2 * k) + 1]);
        for (int n = half, stride = 1; n > 1; n = n >= 4 ? n / 4 : 1, stride *= 4)
        {
            if (n >= 4) Quarter(n, stride, re, im, otherRe, otherIm);
            else Halve(stride, re, im, otherRe, otherIm);
            Span<Vector<double>> fromRe = re, fromIm = im;
            re = otherRe;
            im = otherIm;
            otherRe = fromRe;
            otherIm = fromIm;
        }

        for (var k = 0; k <= half; k++)
        {
            var (a, b) = (k == half ? 0 : k, k == 0 ? 0 : half - k);
            var (evenRe, evenIm) = ((re[a] + re[b]) * 0.5, (im[a] - im[b]) * 0.5);
            var (oddRe, oddIm) = ((im[a] + im[b]) * 0.5, (re[b] - re[a]) * 0.5);
            var (cos, sin) = unpack[k];
            var x = evenRe + (oddRe * cos) - (oddIm * sin);
            var y = evenIm + (oddRe * sin) + (oddIm * cos);
            power[k] = (x * x) + (y * y);
        }
    }

    private void Quarter(int n, int stride, ReadOnlySpan<Vector<double>> re, ReadOnlySpan<Vector<double>> im, Span<Vector<double>> toRe, Span<Vector<double>> toIm)
    {
        var quarter = n / 4;
        for (var p = 0; p < quarter; p++)
        {
            var (c1, s1) = (cosines[p * stride], sines[p * stride]);
            var (c2, s2) = (cosines[2 * p * stride], sines[2 * p * stride]);
            var (c3, s3) = (cosines[3 * p * stride], sines[3 * p * stride]);
            for (var q = 0; q < stride; q++)
            {
                int i = q + (stride * p), j = i + (stride * quarter), k = j + (stride * quarter), l = k + (stride * quarter), to = q + (4 * stride * p);
                Vector<double> sumRe = re[i] + re[k], sumIm = im[i] + im[k], differenceRe = re[i] - re[k], differenceIm = im[i] - im[k];
                Vector<double> otherRe = re[j] + re[l], otherIm = im[j] + im[l], turnedRe = im[l] - im[j], turnedIm = re[j] - re[l]; // i (b - d)
                toRe[to] = sumRe + otherRe;
                toIm[to] = sumIm + otherIm;
                Turn(differenceRe - turnedRe, differenceIm - turnedIm, c1, s1, out toRe[to + stride], out toIm[to + stride]);
                Turn(sumRe - otherRe, sumIm - otherIm, c2, s2, out toRe[to + (2 * stride)], out toIm[to + (2 * stride)]);
                Turn(differenceRe + turnedRe, differenceIm + turnedIm, c3, s3, out toRe[to + (3 * stride)], out toIm[to + (3 * stride)]);
            }
        }
    }

    private static void Halve(int stride, ReadOnlySpan<Vector<double>> re, ReadOnlySpan<Vector<double>> im, Span<Vector<double>> toRe, Span<Vector<double>> toIm)
    {
        for (var q = 0; q < stride; q++)
        {
            (toRe[q], toIm[q]) = (re[q] + re[q + stride], im[q] + im[q + stride]);
            (toRe[q + stride], toIm[q + stride]) = (re[q] - re[q + stride], im[q] - im[q + stride]);
        }
    }

    private static void Turn(Vector<double> x, Vector<double> y, double cos, double sin, out Vector<double> toX, out Vector<double> toY)
    {
        toX = (x * cos) - (y * sin);
        toY = (x * sin) + (y * cos);
    }
}
