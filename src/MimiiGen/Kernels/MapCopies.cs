using static TorchSharp.torch;

namespace MimiiGen.Kernels;

/// <summary>Images whose channels lie side by side, put together or enlarged.</summary>
internal static unsafe class MapCopies
{
    /// <summary>(batch, height, width, a) and (batch, height, width, b), contiguous, to (batch, height, width, a + b).</summary>
    public static Tensor Join(Tensor first, Tensor second)
    {
        var (a, b) = ((int)first.shape[3], (int)second.shape[3]);
        var result = empty([.. first.shape[..3], a + b]);
        var (left, right, to) = ((IntPtr)Memory.Of(first), (IntPtr)Memory.Of(second), (IntPtr)Memory.Of(result));
        Workers.ForRows(first.numel() / a, 64, (low, high) =>
        {
            for (var i = low; i < high; i++)
            {
                var pixel = (float*)to + (i * (a + b));
                new ReadOnlySpan<float>((float*)left + (i * a), a).CopyTo(new Span<float>(pixel, a));
                new ReadOnlySpan<float>((float*)right + (i * b), b).CopyTo(new Span<float>(pixel + a, b));
            }
        });
        return result;
    }

    /// <summary>(batch, height, width, channels), contiguous, to that height and width by the nearest pixel above and to the left.</summary>
    public static Tensor Enlarge(Tensor map, long height, long width)
    {
        var (rows, columns, channels) = (map.shape[1], map.shape[2], (int)map.shape[3]);
        var result = empty(map.shape[0], height, width, channels);
        var (from, to) = ((IntPtr)Memory.Of(map), (IntPtr)Memory.Of(result));
        Workers.For((int)(map.shape[0] * height), line =>
        {
            var (image, y) = (line / height, line % height);
            var source = (float*)from + (((image * rows) + (y * rows / height)) * columns * channels);
            var target = (float*)to + (line * width * channels);
            for (var x = 0L; x < width; x++)
                new ReadOnlySpan<float>(source + (x * columns / width * channels), channels).CopyTo(new Span<float>(target + (x * channels), channels));
        });
        return result;
    }
}
