using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>
/// T5's relative positions (arXiv 1910.10683, section 2.1): near distances have a bucket each, farther ones share buckets that
/// grow with the logarithm of the distance, and all beyond the maximal distance share the last.
/// </summary>
internal static class RelativePosition
{
    /// <summary>The bucket of a position (key - query); in both directions for an encoder, backwards alone for a decoder.</summary>
    public static int Bucket(int position, bool bidirectional, int buckets, int maxDistance)
    {
        var first = 0;
        if (bidirectional)
        {
            buckets /= 2;
            if (position > 0) first = buckets;
        }

        var distance = bidirectional ? Math.Abs(position) : Math.Max(-position, 0);
        var exact = buckets / 2;
        if (distance < exact) return first + distance;
        var share = Math.Log((double)distance / exact) / Math.Log((double)maxDistance / exact);
        return first + Math.Min(exact + (int)(share * (buckets - exact)), buckets - 1);
    }

    /// <summary>Buckets of every key seen from each of the last <paramref name="queries"/> positions: (queries, keys) int64.</summary>
    public static Tensor Buckets(int queries, int keys, bool bidirectional, T5Config config, Device device)
    {
        var table = new long[queries * keys];
        for (var q = 0; q < queries; q++)
            for (var k = 0; k < keys; k++)
                table[(q * keys) + k] = Bucket(k - (keys - queries + q), bidirectional, config.RelativeAttentionNumBuckets, config.RelativeAttentionMaxDistance);
        return tensor(table, [queries, keys], device: device);
    }
}
