using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MimiiGen.Kernels;

/// <summary>A function of one variable on sixteen numbers at a time.</summary>
internal interface IActivation
{
    static abstract Vector512<float> Of(Vector512<float> x);
}

/// <summary>x as it is.</summary>
internal readonly struct Identity : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x) => x;
}

/// <summary>x, and exp(x) - 1 below zero (Clevert et al. 2015).</summary>
internal readonly struct Elu : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), x, VectorFunctions.Exp(Vector512.MinNative(Vector512<float>.Zero, x)) - Vector512<float>.One);
}

/// <summary>x / (1 + exp(-x)) (Elfwing et al. 2017).</summary>
internal readonly struct SiluOf : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x) => x * VectorFunctions.Sigmoid(x);
}

/// <summary>x times the normal distribution function of x, exact to 2e-7 (Hendrycks and Gimpel 2016).</summary>
internal readonly struct Gelu : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x) =>
        Vector512.Create(0.5f) * x * (Vector512<float>.One + VectorFunctions.Erf(x * Vector512.Create(0.70710678118654752f)));
}

/// <summary>x, and 0 below zero.</summary>
internal readonly struct Relu : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x) => Vector512.MaxNative(Vector512<float>.Zero, x);
}

/// <summary>GELU by its approximation x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x³))) (Hendrycks and Gimpel 2016).</summary>
internal readonly struct GeluTanh : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x)
    {
        var inner = Vector512.FusedMultiplyAdd(x * x * x, Vector512.Create(0.044715f), x) * Vector512.Create(0.79788456080286536f);
        return Vector512.Create(0.5f) * x * (Vector512<float>.One + VectorFunctions.Tanh(inner));
    }
}
