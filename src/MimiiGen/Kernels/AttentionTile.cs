using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MimiiGen.Kernels;

/// <summary>
/// Thirty-two queries of one head against all its keys, a block of keys at a time, with a running greatest score and sum (Milakov and Gimelshein 2018,
/// "Online normalizer calculation for softmax"; Dao et al. 2022, "FlashAttention"). The queries lie side by side in the registers: scores are
/// (keys, queries) and the result is (channels, queries), so that nothing is summed across a register and heads of any width fill them.
/// </summary>
internal static unsafe class AttentionTile
{
    /// <summary>Queries of a tile.</summary>
    public const int Queries = MicroKernel.Columns;

    private const int Panel = MicroKernel.Panel;
    private const int Block = PackedHead.Block;
    private const float Log2E = 1.44269504088896341f; // exp(x) = 2^(x log2 e)
    private const float Never = -1e30f; // a score that leaves nothing of its key

    [ThreadStatic]
    private static float[]? scratch;

    /// <param name="queries">(count, width).</param>
    /// <param name="count">1 to <see cref="Queries"/>.</param>
    /// <param name="pitch">Floats from a query to the next, and from a result to the next.</param>
    /// <param name="head">The keys and values.</param>
    /// <param name="bias">Added to the scores of each key: (tokens); null: nothing.</param>
    /// <param name="to">The results (count, width).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* queries, int count, nint pitch, in PackedHead head, float* bias, float* to)
    {
        var (width, rows) = (head.Width, PackedHead.WholeTiles(head.Width));
        var zeros = Scratch(((MicroKernel.Rows + rows + width + (2 * Block) + 2) * Queries) + Panel); // (12, 32)
        var sums = zeros + (MicroKernel.Rows * Queries); // (rows, 32)
        new Span<float>(zeros, (MicroKernel.Rows + rows) * Queries).Clear();
        var panels = sums + (rows * Queries); // (2, width, 16)
        Spread(queries, count, pitch, width, panels);
        var scores = panels + (width * Queries); // (block, 32)
        var weights = scores + (Block * Queries); // (2, block, 16)
        var greatest = weights + (Block * Queries); // (32)
        var totals = greatest + Queries; // (32)
        new Span<float>(greatest, Queries).Fill(2 * Never);
        new Span<float>(totals, Queries).Clear();
        for (var first = 0; first < head.Tokens; first += Block)
        {
            var keys = Math.Min(Block, head.RoundedTokens - first);
            for (var key = 0; key < keys; key += MicroKernel.Rows)
                MicroKernel.Add(head.Keys + ((nint)(first + key) * width), width, width, panels, width * Panel, zeros, scores + (key * Queries));
            if (bias != null || first + keys > head.Tokens) Adjust(scores, keys, first, head.Tokens, bias);
            var left = Weigh(scores, keys, weights, greatest, totals);
            var right = Weigh(scores + Panel, keys, weights + (Block * Panel), greatest + Panel, totals + Panel);
            if (left != Vector512<float>.One || right != Vector512<float>.One) Scale(sums, rows, left, right);
            var values = head.Values(first);
            for (var row = 0; row < rows; row += MicroKernel.Rows, values += MicroKernel.Rows * Block)
                MicroKernel.Add(values, Block, keys, weights, Block * Panel, sums + (row * Queries), sums + (row * Queries));
        }

        Scale(sums, width, Vector512<float>.One / Vector512.Load(totals), Vector512<float>.One / Vector512.Load(totals + Panel));
        for (var query = 0; query < count; query++, to += pitch)
            for (var c = 0; c < width; c++)
                to[c] = sums[(c * Queries) + query];
    }

    /// <summary>Queries (count, width) to panels (2, width, 16), scaled so that a weight is 2 to the power of a score; zeros for those that aren't there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Spread(float* queries, int count, nint pitch, int width, float* panels)
    {
        var scale = Log2E / MathF.Sqrt(width);
        for (var query = 0; query < Queries; query++)
        {
            var column = panels + (query / Panel * width * Panel) + (query % Panel);
            for (var c = 0; c < width; c++) column[c * Panel] = query < count ? queries[(query * pitch) + c] * scale : 0;
        }
    }

    /// <summary>Adds the keys' bias, and puts keys that aren't there out of reach.</summary>
    private static void Adjust(float* scores, int keys, int first, int tokens, float* bias)
    {
        for (var key = 0; key < keys; key++)
        {
            var added = Vector512.Create(first + key >= tokens ? Never : bias == null ? 0 : bias[first + key] * Log2E);
            for (var at = scores + (key * Queries); at < scores + ((key + 1) * Queries); at += Panel) (Vector512.Load(at) + added).Store(at);
        }
    }

    /// <summary>Sixteen queries' scores s of a block to weights 2^(s - the greatest so far), which are added to the totals; returns what earlier weights shrink by.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector512<float> Weigh(float* scores, int keys, float* weights, float* greatest, float* totals)
    {
        var before = Vector512.Load(greatest);
        var (most, other) = (before, before);
        for (var key = 0; key < keys; key += 2)
        {
            most = Vector512.MaxNative(most, Vector512.Load(scores + (key * Queries)));
            other = Vector512.MaxNative(other, Vector512.Load(scores + ((key + 1) * Queries)));
        }

        most = Vector512.MaxNative(most, other);
        var factor = VectorFunctions.PowerOfTwo(before - most);
        var total = Vector512.Load(totals) * factor;
        for (var key = 0; key < keys; key++)
        {
            var weight = VectorFunctions.PowerOfTwo(Vector512.Load(scores + (key * Queries)) - most);
            weight.Store(weights + (key * Panel));
            total += weight;
        }

        most.Store(greatest);
        total.Store(totals);
        return factor;
    }

    /// <summary>Multiplies each row (32) by two vectors side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(float* rows, int count, Vector512<float> left, Vector512<float> right)
    {
        for (var end = rows + (count * Queries); rows < end; rows += Queries)
        {
            (Vector512.Load(rows) * left).Store(rows);
            (Vector512.Load(rows + Panel) * right).Store(rows + Panel);
        }
    }

    /// <summary>This thread's memory between the products, aligned to a register.</summary>
    private static float* Scratch(int floats)
    {
        if (scratch is null || scratch.Length < floats) scratch = GC.AllocateUninitializedArray<float>(floats, pinned: true);
        return (float*)(((nuint)Unsafe.AsPointer(ref scratch[0]) + 63) & ~(nuint)63);
    }
}
