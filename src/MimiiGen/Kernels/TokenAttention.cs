using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace MimiiGen.Kernels;

/// <summary>
/// Multi-head attention, softmax(q k' / sqrt(head width) + bias) v, twelve queries at a time: their scores for all keys stay in the cache, and neither
/// scores nor heads are ever laid out in memory (as Rabe and Staats 2021).
/// </summary>
internal static unsafe class TokenAttention
{
    private const int Tile = MicroKernel.Rows * MicroKernel.Columns;
    private const float Never = -1e30f;

    [ThreadStatic]
    private static float[]? scores;

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
        var blocks = (tokens + MicroKernel.Columns - 1) / MicroKernel.Columns;
        var panels = (width + MicroKernel.Panel - 1) / MicroKernel.Panel;
        var result = empty_like(queries);
        var (keySize, valueSize) = ((nint)blocks * MicroKernel.Columns * width, (nint)blocks * MicroKernel.Columns * panels * MicroKernel.Panel);
        using var packs = zeros(batch * heads * (keySize + valueSize)); // keys and values of a head, as the products read them
        var packed = (IntPtr)Memory.Of(packs);
        var (q, k, v, to) = ((IntPtr)Memory.Of(queries), (IntPtr)Memory.Of(keys), (IntPtr)Memory.Of(values), (IntPtr)Memory.Of(result));
        Workers.For(batch * heads, i =>
        {
            var from = ((nint)(i / heads) * tokens * channels) + (i % heads * width);
            PackKeys((float*)k + from, tokens, channels, width, Keys(i));
            PackValues((float*)v + from, tokens, channels, width, panels, blocks * MicroKernel.Columns, Values(i));
        });

        var groups = (positions + MicroKernel.Rows - 1) / MicroKernel.Rows;
        var pieces = Math.Min(groups, Math.Max(1, (8 * Workers.Count / (batch * heads)) + 1));
        Workers.For(batch * heads * pieces, item =>
        {
            var size = (blocks + panels) * Tile;
            if (scores is null || scores.Length < size) scores = GC.AllocateUninitializedArray<float>(size, pinned: true);
            var tiles = (float*)Unsafe.AsPointer(ref scores[0]);
            var (i, piece) = (item / pieces, item % pieces);
            var place = ((nint)(i / heads) * positions * channels) + (i % heads * width);
            fixed (float* added = bias)
                for (var group = groups * piece / pieces; group < groups * (piece + 1) / pieces; group++)
                {
                    // the last twelve queries may be some that were done before: their results are the same
                    var row = Math.Max(0, Math.Min(group * MicroKernel.Rows, positions - MicroKernel.Rows));
                    var here = place + ((nint)row * channels);
                    Attend((float*)q + here, (float*)to + here, Math.Min(MicroKernel.Rows, positions), channels, Keys(i), Values(i), added == null ? null : added + (i / heads * tokens), tokens, width, tiles);
                }
        });
        return result;

        float* Keys(int i) => (float*)packed + (i * (keySize + valueSize));
        float* Values(int i) => Keys(i) + keySize;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Attend(float* queries, float* to, int rows, nint pitch, float* keys, float* values, float* bias, int tokens, int width, float* tiles)
    {
        if (rows < MicroKernel.Rows)
        {
            var copy = stackalloc float[MicroKernel.Rows * width];
            for (var r = 0; r < rows; r++) new ReadOnlySpan<float>(queries + (r * pitch), width).CopyTo(new Span<float>(copy + (r * width), width));
            queries = copy;
        }

        var blocks = (tokens + MicroKernel.Columns - 1) / MicroKernel.Columns;
        var queryPitch = rows < MicroKernel.Rows ? width : pitch;
        new Span<float>(tiles, blocks * Tile).Clear();
        for (var block = 0; block < blocks; block++)
            MicroKernel.Add(queries, queryPitch, width, keys + ((nint)block * MicroKernel.Columns * width), (nint)width * MicroKernel.Panel, tiles + (block * Tile));

        var totals = stackalloc float[rows];
        for (var r = 0; r < rows; r++) totals[r] = Softmax(tiles + (r * MicroKernel.Columns), blocks, tokens, bias, 1 / MathF.Sqrt(width));

        var sums = tiles + (blocks * Tile);
        var panelSize = (nint)blocks * MicroKernel.Columns * MicroKernel.Panel;
        for (var column = 0; column < width; column += MicroKernel.Columns)
        {
            new Span<float>(sums, Tile).Clear();
            var panel = values + (column / MicroKernel.Panel * panelSize);
            var next = column + MicroKernel.Panel < width ? panelSize : 0;
            for (var block = 0; block < blocks; block++)
                MicroKernel.Add(tiles + (block * Tile), MicroKernel.Columns, MicroKernel.Columns, panel + (block * MicroKernel.Columns * MicroKernel.Panel), next, sums);
            for (var r = 0; r < rows; r++)
                for (var c = 0; c < Math.Min(MicroKernel.Columns, width - column); c++)
                    to[(r * pitch) + column + c] = sums[(r * MicroKernel.Columns) + c] / totals[r];
        }
    }

    /// <summary>One query's scores s to exp(scale (s - the greatest)); returns their sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Softmax(float* row, int blocks, int tokens, float* bias, float scale)
    {
        if (bias != null || tokens % MicroKernel.Columns != 0) Adjust(row, blocks, tokens, bias, scale);
        var greatest = Vector512.Create(2 * Never);
        for (var at = 0; at < blocks * MicroKernel.Columns; at += MicroKernel.Panel) greatest = Vector512.Max(greatest, Vector512.Load(Place(row, at)));
        var most = greatest[0];
        for (var i = 1; i < Vector512<float>.Count; i++) most = MathF.Max(most, greatest[i]);
        var top = Vector512.Create(most);
        var factor = Vector512.Create(scale * 1.44269504088896341f); // exp(x) = 2^(x / ln 2)
        var sum = Vector512<float>.Zero;
        for (var at = 0; at < blocks * MicroKernel.Columns; at += MicroKernel.Panel)
        {
            var place = Place(row, at);
            var weight = VectorFunctions.PowerOfTwo((Vector512.Load(place) - top) * factor);
            weight.Store(place);
            sum += weight;
        }

        return Vector512.Sum(sum);
    }

    /// <summary>Adds the keys' bias, in units of the unscaled scores, and puts keys that aren't there out of reach.</summary>
    private static void Adjust(float* row, int blocks, int tokens, float* bias, float scale)
    {
        for (var at = bias == null ? tokens : 0; at < blocks * MicroKernel.Columns; at++)
        {
            var place = Place(row, at);
            *place = at >= tokens ? Never : bias == null ? *place : *place + (bias[at] / scale);
        }
    }

    private static float* Place(float* row, int at) => row + (at / MicroKernel.Columns * Tile) + (at % MicroKernel.Columns);

    /// <summary>(tokens, width) to panels (tokens / 16, width, 16).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackKeys(float* from, int tokens, nint pitch, int width, float* to)
    {
        for (var token = 0; token < tokens; token++)
        {
            var panel = to + (token / MicroKernel.Panel * (nint)width * MicroKernel.Panel) + (token % MicroKernel.Panel);
            for (var c = 0; c < width; c++) panel[c * MicroKernel.Panel] = from[(token * pitch) + c];
        }
    }

    /// <summary>(tokens, width) to panels (width / 16, tokens rounded up, 16).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackValues(float* from, int tokens, nint pitch, int width, int panels, int rounded, float* to)
    {
        for (var panel = 0; panel < panels; panel++, to += (nint)rounded * MicroKernel.Panel)
            for (var token = 0; token < tokens; token++)
            {
                var count = Math.Min(MicroKernel.Panel, width - (panel * MicroKernel.Panel));
                new ReadOnlySpan<float>(from + (token * pitch) + (panel * MicroKernel.Panel), count).CopyTo(new Span<float>(to + (token * MicroKernel.Panel), count));
            }
    }
}
