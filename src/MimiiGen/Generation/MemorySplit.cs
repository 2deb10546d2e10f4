using System.Runtime.InteropServices;

namespace MimiiGen.Generation;

/// <summary>Work on a batch in as few parts as the memory allows.</summary>
internal static class MemorySplit
{
    /// <summary>The results of all items in their order: in parts as large as is said to fit; where one takes more memory than there is all the same, its halves one after the other.</summary>
    /// <param name="items">The batch.</param>
    /// <param name="most">Items that fit into memory together; one alone is always tried.</param>
    /// <param name="work">Results of a part in its order.</param>
    public static IReadOnlyList<TResult> Run<TItem, TResult>(IReadOnlyList<TItem> items, long most, Func<IReadOnlyList<TItem>, IReadOnlyList<TResult>> work)
    {
        if (items.Count <= most) return Halved(items, work);
        var parts = Math.Ceiling(items.Count / Math.Max(1.0, most));
        return [.. items.Chunk((int)Math.Ceiling(items.Count / parts)).SelectMany(part => Halved(part, work))];
    }

    private static IReadOnlyList<TResult> Halved<TItem, TResult>(IReadOnlyList<TItem> items, Func<IReadOnlyList<TItem>, IReadOnlyList<TResult>> work)
    {
        try
        {
            return work(items);
        }
        catch (ExternalException e) when (items.Count > 1 && TookTooMuch(e.Message))
        {
            var half = items.Count / 2;
            return [.. Halved([.. items.Take(half)], work), .. Halved([.. items.Skip(half)], work)];
        }
    }

    // how torch's allocators for CUDA, for a CPU and for a CPU under a limit put it
    private static bool TookTooMuch(string message) =>
        message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
        || message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase)
        || message.Contains("not enough memory", StringComparison.OrdinalIgnoreCase);
}
