using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MimiiGen.Audio;

/// <summary>
/// Power spectra of several real signals at once, one in each lane of a vector register: a butterfly is then the same plain instruction for all of them.
/// Even samples are the real and odd ones the imaginary parts of half as many complex points, which are transformed in place (radix 4, decimation in
/// frequency), so that all of it stays in the nearest cache; the results are fetched from where that leaves them.
/// </summary>
internal sealed class LaneFft
{
    private readonly int half; // complex points
    private readonly (double Cos, double Sin)[] turns; // of -2 pi k / half
    private readonly (double Cos, double Sin)[] unpack; // of -2 pi k / length
    private readonly int[] places; // where point k of the transform ends up

    /// <param name="length">Samples of a signal, a power of two from 4 on.</param>
    public LaneFft(int length)
    {
        if (length < 4 || !BitOperations.IsPow2(length)) throw new ArgumentOutOfRangeException(nameof(length), length, "a power of two from 4 on");
        half = length / 2;
        turns = [.. Enumerable.Range(0, half).Select(k => Math.SinCos(-2 * Math.PI * k / half)).Select(t => (t.Cos, t.Sin))];
        unpack = [.. Enumerable.Range(0, (half / 2) + 1).Select(k => Math.SinCos(-2 * Math.PI * k / length)).Select(t => (t.Cos, t.Sin))];
        places = [.. Enumerable.Range(0, half).Select(k => Place(k, half))];

        static int Place(int k, int points) => points < 4 ? k : (k % 4 * (points / 4)) + Place(k / 4, points / 4);
    }

    /// <summary>|X[k]|² of each lane.</summary>
    /// <param name="even">Samples 0, 2, 4, ... (length / 2), used up.</param>
    /// <param name="odd">Samples 1, 3, 5, ... (length / 2), used up.</param>
    /// <param name="power">(length / 2 + 1).</param>
    public void Power(Span<Vector<double>> even, Span<Vector<double>> odd, Span<Vector<double>> power)
    {
        ref var re = ref MemoryMarshal.GetReference(even[..half]);
        ref var im = ref MemoryMarshal.GetReference(odd[..half]);
        var points = half;
        for (; points >= 4; points /= 4) Quarter(points, ref re, ref im);
        if (points == 2) Halve(ref re, ref im);
        Unpack(ref re, ref im, ref MemoryMarshal.GetReference(power[..(half + 1)]));
    }

    /// <summary>Each run of so many points into the four quarters that are transforms of their own.</summary>
    private void Quarter(int points, ref Vector<double> re, ref Vector<double> im)
    {
        var (quarter, step) = (points / 4, half / points);
        for (var p = 0; p < quarter; p++)
        {
            var ((c1, s1), (c2, s2), (c3, s3)) = (turns[p * step], turns[2 * p * step], turns[3 * p * step]);
            for (var at = p; at < half; at += points)
            {
                ref var re0 = ref Unsafe.Add(ref re, at);
                ref var im0 = ref Unsafe.Add(ref im, at);
                ref var re1 = ref Unsafe.Add(ref re0, quarter);
                ref var im1 = ref Unsafe.Add(ref im0, quarter);
                ref var re2 = ref Unsafe.Add(ref re1, quarter);
                ref var im2 = ref Unsafe.Add(ref im1, quarter);
                ref var re3 = ref Unsafe.Add(ref re2, quarter);
                ref var im3 = ref Unsafe.Add(ref im2, quarter);
                Vector<double> sumRe = re0 + re2, sumIm = im0 + im2, differenceRe = re0 - re2, differenceIm = im0 - im2;
                Vector<double> otherRe = re1 + re3, otherIm = im1 + im3, turnedRe = im3 - im1, turnedIm = re1 - re3; // i (x1 - x3)
                re0 = sumRe + otherRe;
                im0 = sumIm + otherIm;
                Turn(differenceRe - turnedRe, differenceIm - turnedIm, c1, s1, out re1, out im1);
                Turn(sumRe - otherRe, sumIm - otherIm, c2, s2, out re2, out im2);
                Turn(differenceRe + turnedRe, differenceIm + turnedIm, c3, s3, out re3, out im3);
            }
        }
    }

    private void Halve(ref Vector<double> re, ref Vector<double> im)
    {
        for (var at = 0; at < half; at += 2)
        {
            ref var x = ref Unsafe.Add(ref re, at);
            ref var y = ref Unsafe.Add(ref im, at);
            ref var nextX = ref Unsafe.Add(ref x, 1);
            ref var nextY = ref Unsafe.Add(ref y, 1);
            (x, nextX) = (x + nextX, x - nextX);
            (y, nextY) = (y + nextY, y - nextY);
        }
    }

    /// <summary>Points k and half - k hold the even and odd samples' spectra at k: X[k] and X[half - k] are their sum and difference, the odd one turned.</summary>
    private void Unpack(ref Vector<double> re, ref Vector<double> im, ref Vector<double> power)
    {
        for (var k = 0; k <= half / 2; k++)
        {
            var (a, b) = (places[k], places[k == 0 ? 0 : half - k]);
            Vector<double> aRe = Unsafe.Add(ref re, a), aIm = Unsafe.Add(ref im, a), bRe = Unsafe.Add(ref re, b), bIm = Unsafe.Add(ref im, b);
            Vector<double> evenRe = aRe + bRe, evenIm = aIm - bIm; // twice
            Turn(aIm + bIm, bRe - aRe, unpack[k].Cos, unpack[k].Sin, out var oddRe, out var oddIm);
            Unsafe.Add(ref power, k) = Square(evenRe + oddRe, evenIm + oddIm);
            Unsafe.Add(ref power, half - k) = Square(evenRe - oddRe, evenIm - oddIm);
        }

        static Vector<double> Square(Vector<double> x, Vector<double> y) => Vector.MultiplyAddEstimate(x, x, y * y) * 0.25;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(Vector<double> x, Vector<double> y, double cos, double sin, out Vector<double> toX, out Vector<double> toY)
    {
        var (c, s) = (new Vector<double>(cos), new Vector<double>(sin));
        toX = Vector.MultiplyAddEstimate(x, c, -(y * s));
        toY = Vector.MultiplyAddEstimate(x, s, y * c);
    }
}
