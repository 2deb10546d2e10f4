using System.Runtime.ExceptionServices;

namespace MimiiGen;

/// <summary>The same work on many files, on all processors.</summary>
internal static class InParallel
{
    /// <summary>Results in the order of the items. Of several failures the first is thrown as it was.</summary>
    public static TResult[] Select<T, TResult>(IEnumerable<T> items, Func<T, TResult> work, CancellationToken stop)
    {
        try
        {
            return [.. items.AsParallel().AsOrdered().WithCancellation(stop).Select(work)];
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.Flatten().InnerExceptions[0]);
            throw;
        }
    }
}
