using TorchSharp;

namespace MimiiGen.Kernels;

/// <summary>Divides work among as many threads as libtorch may use.</summary>
internal static class Workers
{
    /// <summary>Threads at most.</summary>
    public static int Count => torch.get_num_threads();

    /// <summary>Calls <paramref name="body"/> for 0 to <paramref name="count"/> - 1, each once, in any order.</summary>
    public static void For(int count, Action<int> body)
    {
        var threads = Math.Min(Count, count);
        if (threads <= 1)
        {
            for (var i = 0; i < count; i++) body(i);
            return;
        }

        var next = -1;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next)) body(i);
        });
    }

    /// <summary>Calls <paramref name="body"/> for pieces of <paramref name="length"/> rows; a piece is a multiple of <paramref name="unit"/> rows.</summary>
    public static void ForRows(long length, int unit, Action<long, long> body)
    {
        var pieces = Math.Max(1, Math.Min(4L * Count, (length + unit - 1) / unit));
        var size = ((length + pieces - 1) / pieces + unit - 1) / unit * unit;
        For((int)((length + size - 1) / size), i => body(i * size, Math.Min(length, (i + 1) * size)));
    }
}
