using static TorchSharp.torch;

namespace MimiiGen.Kernels;

/// <summary>
/// Multi-head attention, softmax(q k' / sqrt(head width) + bias) v: keys and values of each head packed, then tiles of queries shared out to the threads;
/// neither scores nor heads are ever laid out in memory. The result doesn't depend on the number of threads.
/// </summary>
internal static unsafe class TokenAttention
{
    /// <param name="queries">(batch, positions, channels), contiguous.</param>
    /// <param name="keys">(batch, tokens, channels), contiguous.</param>
    /// <param name="values">As the keys.</param>
    /// <param name="heads">Heads; the channels of a head lie side by side.</param>
    /// <param name="bias">Added to the scores of each key: (batch, tokens); empty: nothing.</param>
    /// <returns>(batch, positions, channels).</returns>
    public static Tensor Run(Tensor queries, Tensor keys, Tensor values, int heads, float[] bias)
    {
        var (batch, positions, tokens, channels) = ((int)queries.shape[0], (int)queries.shape[1], (int)keys.shape[1], (int)queries.shape[2]);
        var width = channels / heads;
        var result = empty_like(queries);
        using var packs = empty(batch * heads, PackedHead.Floats(tokens, width));
        var packed = (IntPtr)Memory.Of(packs);
        var (q, k, v, to) = ((IntPtr)Memory.Of(queries), (IntPtr)Memory.Of(keys), (IntPtr)Memory.Of(values), (IntPtr)Memory.Of(result));
        Workers.For(batch * heads, i => Head(i).Pack((float*)k + Place(i, tokens), (float*)v + Place(i, tokens), channels));

        var tiles = (positions + AttentionTile.Queries - 1) / AttentionTile.Queries;
        Workers.For(batch * heads * tiles, item =>
        {
            var (i, first) = (item / tiles, item % tiles * AttentionTile.Queries);
            var at = Place(i, positions) + ((nint)first * channels);
            fixed (float* added = bias)
                AttentionTile.Run((float*)q + at, Math.Min(AttentionTile.Queries, positions - first), channels, Head(i), added == null ? null : added + (i / heads * tokens), (float*)to + at);
        });
        return result;

        PackedHead Head(int i) => new((float*)packed + (i * PackedHead.Floats(tokens, width)), tokens, width);
        nint Place(int i, int rows) => ((nint)(i / heads) * rows * channels) + (i % heads * width);
    }
}
