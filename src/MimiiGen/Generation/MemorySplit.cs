using System.Runtime.InteropServices;

namespace MimiiGen.Generation;

/// <summary>Work on a batch in as few parts as the memory allows.</summary>
internal static class MemorySplit
{
    /// <summary>The results of all items in their order; where a batch takes more memory than there is, its halves are worked on one after the other.</summary>
    public static IReadOnlyList<TResult> Run<TItem, TResult>(IReadOnlyList<TItem> items, Func<IReadOnlyList<TItem>, IReadOnlyList<TResult>> work)
    {
        try
        {
            return work(items);
        }
        catch (ExternalException e) when (items.Count > 1 && TookTooMuch(e.Message))
        {
            var half = items.Count / 2;
            return [.. Run([.. items.Take(half)], work), .. Run([.. items.Skip(half)], work)];
        }
    }

    // how torch's allocators for CUDA, for a CPU and for a CPU under a limit put it
    private static bool TookTooMuch(string message) =>
        message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
        || message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase)
        || message.Contains("not enough memory", StringComparison.OrdinalIgnoreCase);
}
