using static TorchSharp.torch;

namespace MimiiGen.Kernels;

/// <summary>Linear layers over tokens.</summary>
internal static unsafe class TokenProduct
{
    /// <param name="tokens">(..., inputs), contiguous.</param>
    /// <param name="matrix">The layer.</param>
    /// <param name="add">Added to the result, of its shape; null: nothing.</param>
    /// <returns>(..., outputs).</returns>
    public static Tensor Run(Tensor tokens, PackedMatrix matrix, Tensor? add) => Run<Identity>(tokens, matrix, add);

    /// <summary>The same through an activation.</summary>
    public static Tensor Run<TActivation>(Tensor tokens, PackedMatrix matrix, Tensor? add = null)
        where TActivation : struct, IActivation
    {
        var result = empty([.. tokens.shape[..^1], matrix.Outputs]);
        var rows = tokens.numel() / matrix.Terms;
        var (from, to) = ((IntPtr)Memory.Of(tokens), (IntPtr)Memory.Of(result));
        var added = add is null ? 0 : (IntPtr)Memory.Of(add);
        Workers.ForRows(rows, MicroKernel.Rows, (first, last) => RowProduct.Run<TActivation>(
            matrix, [Window.Over((float*)from, rows, matrix.Terms)], new Target(to, matrix.Outputs, added, matrix.Outputs), first, last));
        return result;
    }
}
