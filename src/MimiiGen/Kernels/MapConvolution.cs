using static TorchSharp.torch;

namespace MimiiGen.Kernels;

/// <summary>Convolutions of images whose channels lie side by side: a row of the image is a sequence of frames, a kernel's row a window on it.</summary>
internal static unsafe class MapConvolution
{
    private const int LongestPiece = 16 * MicroKernel.Rows;

    /// <param name="map">(batch, height, width, inputs), contiguous.</param>
    /// <param name="matrix">Kernel rows, columns, inputs as terms.</param>
    /// <param name="side">Rows and columns of the kernel.</param>
    /// <param name="stride">Pixels between windows.</param>
    /// <param name="add">Added to the result, of its shape; null: nothing.</param>
    /// <returns>(batch, height / stride, width / stride, outputs), both rounded up; zeros beyond the image.</returns>
    public static Tensor Run(Tensor map, PackedMatrix matrix, int side, int stride, Tensor? add)
    {
        var (batch, height, width, inputs) = ((int)map.shape[0], (int)map.shape[1], (int)map.shape[2], (int)map.shape[3]);
        var (rows, columns) = ((height + stride - 1) / stride, (width + stride - 1) / stride);
        var result = empty(batch, rows, columns, matrix.Outputs);
        var (from, to) = ((IntPtr)Memory.Of(map), (IntPtr)Memory.Of(result));
        var added = add is null ? 0 : (IntPtr)Memory.Of(add);
        var piece = Piece(columns, batch * rows);
        var pieces = (columns + piece - 1) / piece;
        Workers.For(batch * rows * pieces, i =>
        {
            var (line, start) = (i / pieces, i % pieces * piece);
            var (image, y) = (line / rows, line % rows);
            var windows = stackalloc Window[side];
            var starts = stackalloc int[side];
            var count = 0;
            for (var dy = 0; dy < side; dy++)
            {
                var source = (y * stride) - (side / 2) + dy;
                if (source < 0 || source >= height) continue;
                windows[count] = new Window
                {
                    Frames = (float*)from + (((((long)image * height) + source) * width) * inputs),
                    Total = width,
                    High = width,
                    Width = inputs,
                    Pitch = inputs,
                    Taps = side,
                    Stride = stride,
                    First = -(side / 2),
                };
                starts[count++] = dy * side * inputs;
            }

            var offset = (nint)line * columns * matrix.Outputs * sizeof(float);
            var target = new Target(to + offset, matrix.Outputs, added == 0 ? 0 : added + offset, matrix.Outputs);
            RowProduct.Run<Identity>(matrix, new(windows, count), target, start, Math.Min(columns, start + piece), new(starts, count));
        });
        return result;
    }

    /// <summary>Pixels of a line that are computed together: many, but few enough to keep all threads at work.</summary>
    private static int Piece(int columns, int lines)
    {
        var wanted = Math.Max(1, ((4 * Workers.Count) + lines - 1) / lines); // pieces a line
        var piece = Math.Min(LongestPiece, (columns + wanted - 1) / wanted);
        return Math.Max(2, (piece + MicroKernel.Rows - 1) / MicroKernel.Rows) * MicroKernel.Rows;
    }
}
