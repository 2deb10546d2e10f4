using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MimiiGen.Kernels;

/// <summary>Elementary functions on sixteen numbers at a time.</summary>
internal static class VectorFunctions
{
    /// <summary>
    /// exp(x) within 2 units of the last place: 2^n exp(r), r between -ln 2 / 2 and ln 2 / 2, the latter by a polynomial of degree seven
    /// (Moshier, "Methods and programs for mathematical functions", 1989). Above 60 it stays at exp(60), below -87 at exp(-87):
    /// what is made of it here is the same, and numbers too small for the processor's fast ways don't come about.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        x = Vector512.MaxNative(Vector512.Create(-87f), Vector512.MinNative(Vector512.Create(60f), x)); // NaN stays NaN
        var n = Vector512.Floor(Vector512.FusedMultiplyAdd(x, Vector512.Create(1.44269504088896341f), Vector512.Create(0.5f)));
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-0.693359375f), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(2.12194440e-4f), r);
        var p = Vector512.Create(1.9875691500e-4f);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.3981999507e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(8.3334519073e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(4.1665795894e-2f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.6666665459e-1f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(5.0000001201e-1f));
        p = Vector512.FusedMultiplyAdd(p, r * r, r + Vector512<float>.One);
        return p * ((Vector512.ConvertToInt32(n) + Vector512.Create(127)) << 23).AsSingle();
    }

    /// <summary>
    /// 2^x for x at most 0, within 3e-7 of the result; 0 for -64 and less, before products with it become too small for the processor's fast ways.
    /// The fraction, between -1/2 and 1/2, by the polynomial of degree five with the least relative error.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> PowerOfTwo(Vector512<float> x)
    {
        var shift = Vector512.Create(12582912f); // 1.5 * 2^23: in a sum with it the last bits are the nearest whole number
        var shifted = x + shift;
        var r = x - (shifted - shift);
        var p = Vector512.Create(0.0013276472f);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.009675541f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.05550713f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.2402212f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.69314694f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.0000001f));
        var power = p.AsInt32() + (shifted.AsInt32() << 23);
        return Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512.Create(-64f)), power.AsSingle(), Vector512<float>.Zero);
    }

    /// <summary>1 / (1 + exp(-x)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x) => Vector512<float>.One / (Vector512<float>.One + Exp(-x));

    /// <summary>Hyperbolic tangent, within 2e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x) =>
        Vector512<float>.One - (Vector512.Create(2f) / (Vector512<float>.One + Exp(x + x)));

    /// <summary>Error function, within 2e-7 (Abramowitz and Stegun 1964, 7.1.26).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Erf(Vector512<float> x)
    {
        var size = Vector512.Abs(x);
        var t = Vector512<float>.One / Vector512.FusedMultiplyAdd(Vector512.Create(0.3275911f), size, Vector512<float>.One);
        var p = Vector512.Create(1.061405429f);
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(-1.453152027f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(1.421413741f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(-0.284496736f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(0.254829592f));
        var positive = Vector512<float>.One - (p * t * Exp(-size * size));
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), -positive, positive);
    }
}
