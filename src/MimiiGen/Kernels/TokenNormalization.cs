using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace MimiiGen.Kernels;

/// <summary>
/// Layer normalisation (Ba et al. 2016): each token to mean 0 and variance 1, then gain and shift; or by its root mean square alone (Zhang and Sennrich 2019).
/// </summary>
internal static unsafe class TokenNormalization
{
    /// <param name="tokens">(..., channels), contiguous; channels a multiple of 16.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="gain">(channels).</param>
    /// <param name="shift">(channels).</param>
    /// <returns>Same shape.</returns>
    public static Tensor Run(Tensor tokens, double epsilon, Tensor gain, Tensor shift)
    {
        var channels = (int)gain.shape[0];
        var result = empty_like(tokens);
        var (from, to) = ((IntPtr)Memory.Of(tokens), (IntPtr)Memory.Of(result));
        var (factor, offset) = ((IntPtr)Memory.Of(gain), (IntPtr)Memory.Of(shift));
        Workers.ForRows(tokens.numel() / channels, 1, (first, last) =>
        {
            for (var row = first; row < last; row++)
                Row((float*)from + (row * channels), (float*)to + (row * channels), channels, epsilon, (float*)factor, (float*)offset);
        });
        return result;
    }

    /// <summary>Each token divided by its root mean square, then the gain.</summary>
    /// <param name="tokens">(..., channels), contiguous; channels a multiple of 16.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <param name="gain">(channels).</param>
    /// <returns>Same shape.</returns>
    public static Tensor RootMeanSquare(Tensor tokens, double epsilon, Tensor gain)
    {
        var channels = (int)gain.shape[0];
        var result = empty_like(tokens);
        var (from, to, factor) = ((IntPtr)Memory.Of(tokens), (IntPtr)Memory.Of(result), (IntPtr)Memory.Of(gain));
        Workers.ForRows(tokens.numel() / channels, 1, (first, last) =>
        {
            for (var row = first; row < last; row++)
                RootMeanSquareRow((float*)from + (row * channels), (float*)to + (row * channels), channels, epsilon, (float*)factor);
        });
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RootMeanSquareRow(float* from, float* to, int channels, double epsilon, float* gain)
    {
        var squares = Vector512<float>.Zero;
        for (var c = 0; c < channels; c += Vector512<float>.Count)
        {
            var x = Vector512.Load(from + c);
            squares = Vector512.FusedMultiplyAdd(x, x, squares);
        }

        var factor = Vector512.Create((float)(1 / Math.Sqrt((Vector512.Sum(squares) / channels) + epsilon)));
        for (var c = 0; c < channels; c += Vector512<float>.Count) (Vector512.Load(from + c) * factor * Vector512.Load(gain + c)).Store(to + c);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(float* from, float* to, int channels, double epsilon, float* gain, float* shift)
    {
        var sum = Vector512<float>.Zero;
        for (var c = 0; c < channels; c += Vector512<float>.Count) sum += Vector512.Load(from + c);
        var mean = Vector512.Create(Vector512.Sum(sum) / channels);
        var squares = Vector512<float>.Zero;
        for (var c = 0; c < channels; c += Vector512<float>.Count)
        {
            var x = Vector512.Load(from + c) - mean;
            squares = Vector512.FusedMultiplyAdd(x, x, squares);
        }

        var factor = Vector512.Create((float)(1 / Math.Sqrt((Vector512.Sum(squares) / channels) + epsilon)));
        for (var c = 0; c < channels; c += Vector512<float>.Count)
            Vector512.FusedMultiplyAdd((Vector512.Load(from + c) - mean) * factor, Vector512.Load(gain + c), Vector512.Load(shift + c)).Store(to + c);
    }
}
