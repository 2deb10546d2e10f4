using System.Runtime.ExceptionServices;
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

        var job = new Job(count, body);
        for (var helper = 1; helper < threads; helper++) ThreadPool.UnsafeQueueUserWorkItem(job, preferLocal: false);
        job.Finish();
    }

    /// <summary>Calls <paramref name="body"/> for pieces of <paramref name="length"/> rows; a piece is a multiple of <paramref name="unit"/> rows.</summary>
    public static void ForRows(long length, int unit, Action<long, long> body)
    {
        var pieces = Math.Max(1, Math.Min(4L * Count, (length + unit - 1) / unit));
        var size = ((length + pieces - 1) / pieces + unit - 1) / unit * unit;
        For((int)((length + size - 1) / size), i => body(i * size, Math.Min(length, (i + 1) * size)));
    }

    /// <summary>
    /// Items that the caller and its helpers take one by one. A helper that comes when all are taken leaves again, so that nobody waits for one who has
    /// yet to wake: a network has hundreds of these a call, some of less than a tenth of a millisecond.
    /// </summary>
    private sealed class Job(int count, Action<int> body) : IThreadPoolWorkItem
    {
        private int last = -1;
        private int finished;
        private ExceptionDispatchInfo? failure;

        public void Execute()
        {
            for (var i = Interlocked.Increment(ref last); i < count; i = Interlocked.Increment(ref last))
            {
                try
                {
                    body(i);
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }

                Interlocked.Increment(ref finished);
            }
        }

        /// <summary>Takes part, and returns when all items are finished.</summary>
        public void Finish()
        {
            Execute();
            var wait = new SpinWait();
            while (Volatile.Read(ref finished) < count) wait.SpinOnce(sleep1Threshold: -1);
            failure?.Throw();
        }
    }
}
