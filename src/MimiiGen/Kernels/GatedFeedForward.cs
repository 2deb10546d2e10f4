using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace MimiiGen.Kernels;

/// <summary>Linear, value * GELU(gate), linear (Shazeer 2020), a few tokens at a time, so that the wide middle stays in the cache.</summary>
internal static unsafe class GatedFeedForward
{
    private const int Piece = 8 * MicroKernel.Rows;

    [ThreadStatic]
    private static float[]? middle;

    /// <param name="tokens">(batch, positions, channels), contiguous.</param>
    /// <param name="up">channels to 2 width: values, then gates; width a multiple of 16.</param>
    /// <param name="down">width to channels.</param>
    /// <param name="add">Added to the result, of its shape.</param>
    /// <returns>Same shape as the tokens.</returns>
    public static Tensor Run(Tensor tokens, PackedMatrix up, PackedMatrix down, Tensor add)
    {
        var rows = tokens.numel() / up.Terms;
        var result = empty([.. tokens.shape[..^1], down.Outputs]);
        var (from, to, added) = ((IntPtr)Memory.Of(tokens), (IntPtr)Memory.Of(result), (IntPtr)Memory.Of(add));
        var pieces = (int)((rows + Piece - 1) / Piece);
        Workers.For(pieces, i =>
        {
            var size = Piece * up.Outputs;
            if (middle is null || middle.Length < size) middle = GC.AllocateUninitializedArray<float>(size, pinned: true);
            var wide = (float*)Unsafe.AsPointer(ref middle[0]);
            var (first, count) = ((long)i * Piece, Math.Min(Piece, rows - ((long)i * Piece)));
            RowProduct.Run<Identity>(up, [Window.Over((float*)from + (first * up.Terms), count, up.Terms)], new Target((IntPtr)wide, up.Outputs), 0, count);
            for (var row = 0; row < count; row++) Gate(wide + ((long)row * up.Outputs), down.Terms);
            var values = Window.Over(wide, count, down.Terms) with { Pitch = up.Outputs };
            var place = (nint)first * down.Outputs * sizeof(float);
            RowProduct.Run<Identity>(down, [values], new Target(to + place, down.Outputs, added + place, down.Outputs), 0, count);
        });
        return result;
    }

    /// <summary>Values times GELU of their gates, over the values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gate(float* values, int width)
    {
        for (var c = 0; c < width; c += Vector512<float>.Count)
            (Vector512.Load(values + c) * Gelu.Of(Vector512.Load(values + width + c))).Store(values + c);
    }
}
