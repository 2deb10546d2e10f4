namespace MimiiGen.Text;

/// <summary>The embeddings of the captions last asked for, of an encoder that no longer changes. Owns its tensors; safe for several threads.</summary>
/// <param name="capacity">Most captions that are kept, at least 1.</param>
internal sealed class EmbeddingCache(int capacity) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Caption, CaptionEmbedding Embedding)>> known = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Caption, CaptionEmbedding Embedding)> newestFirst = new();

    /// <summary>Whether the embedding of a caption is known.</summary>
    public bool Knows(string caption)
    {
        lock (gate) return known.ContainsKey(caption);
    }

    /// <summary>The embedding of a caption, computed unless it is known: a copy that the current dispose scope frees.</summary>
    public CaptionEmbedding Get(string caption, Func<CaptionEmbedding> compute)
    {
        lock (gate)
        {
            if (known.TryGetValue(caption, out var node)) newestFirst.Remove(node);
            else known[caption] = node = new((caption, Kept(compute())));
            newestFirst.AddFirst(node);
            if (known.Count > capacity) Forget(newestFirst.Last!);
            var (embeddings, mask) = node.Value.Embedding;
            return new CaptionEmbedding(embeddings.alias(), mask.alias());
        }
    }

    public void Dispose()
    {
        while (newestFirst.Last is { } oldest) Forget(oldest);
    }

    private static CaptionEmbedding Kept(CaptionEmbedding fresh) =>
        new(fresh.Embeddings.DetachFromDisposeScope(), fresh.Mask.DetachFromDisposeScope());

    private void Forget(LinkedListNode<(string Caption, CaptionEmbedding Embedding)> node)
    {
        newestFirst.Remove(node);
        known.Remove(node.Value.Caption);
        node.Value.Embedding.Dispose();
    }
}
