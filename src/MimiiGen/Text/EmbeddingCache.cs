namespace MimiiGen.Text;

/// <summary>The embeddings of the captions last asked for, of an encoder that no longer changes. Owns its tensors; safe for several threads.</summary>
/// <param name="capacity">Most captions that are kept, at least 1.</param>
internal sealed class EmbeddingCache(int capacity) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Caption, CaptionEmbedding Embedding)>> known = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Caption, CaptionEmbedding Embedding)> newestFirst = new();

    /// <summary>The embedding of a caption, a copy that the current dispose scope frees; null where it is not known.</summary>
    public CaptionEmbedding? Find(string caption)
    {
        lock (gate) return known.TryGetValue(caption, out var node) ? Newest(node) : null;
    }

    /// <summary>Takes over the embedding of a caption, unless it is known; gives what <see cref="Find"/> does.</summary>
    public CaptionEmbedding Keep(string caption, CaptionEmbedding fresh)
    {
        lock (gate)
        {
            if (known.TryGetValue(caption, out var node)) return Newest(node);
            known[caption] = node = newestFirst.AddFirst((caption, Kept(fresh)));
            var copy = Newest(node);
            if (known.Count > capacity) Forget(newestFirst.Last!);
            return copy;
        }
    }

    public void Dispose()
    {
        while (newestFirst.Last is { } oldest) Forget(oldest);
    }

    private CaptionEmbedding Newest(LinkedListNode<(string Caption, CaptionEmbedding Embedding)> node)
    {
        newestFirst.Remove(node);
        newestFirst.AddFirst(node);
        var (embeddings, mask) = node.Value.Embedding;
        return new CaptionEmbedding(embeddings.alias(), mask.alias());
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
