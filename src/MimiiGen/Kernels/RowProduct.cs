using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MimiiGen.Kernels;

/// <summary>Where a product's rows go.</summary>
/// <param name="Rows">Row 0.</param>
/// <param name="Pitch">Floats from a row to the next.</param>
/// <param name="Add">Row 0 of what is added to the product before the activation; null: nothing.</param>
/// <param name="AddPitch">Floats from a row of that to the next.</param>
internal readonly unsafe record struct Target(IntPtr Rows, nint Pitch, IntPtr Add = 0, nint AddPitch = 0);

/// <summary>
/// Rows (windows side by side) times a packed matrix, plus bias, plus an addend, through an activation: one mechanism for linear layers and for
/// convolutions of one and two dimensions, strided, dilated or transposed.
/// </summary>
internal static unsafe class RowProduct
{
    private const int ChunkRows = 16 * MicroKernel.Rows;
    private const int Tile = MicroKernel.Rows * MicroKernel.Columns;

    [ThreadStatic]
    private static float[]? gathered;

    /// <summary>Computes rows <paramref name="from"/> to <paramref name="to"/> (excluded).</summary>
    /// <param name="matrix">Its terms are those of the windows, one window after the other.</param>
    /// <param name="windows">What a row is made of; at least one.</param>
    /// <param name="target">Where rows go; not where they come from.</param>
    /// <param name="from">First row.</param>
    /// <param name="to">First row not computed.</param>
    /// <param name="starts">For each window its place among the matrix's terms; none: one after the other.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TActivation>(PackedMatrix matrix, ReadOnlySpan<Window> windows, Target target, long from, long to, ReadOnlySpan<int> starts = default)
        where TActivation : struct, IActivation
    {
        var begin = stackalloc float[(2 * Tile) + 16];
        begin = (float*)(((nuint)begin + 63) & ~(nuint)63);
        var tile = begin + Tile;
        var next = matrix.PanelSize;
        for (var chunk = from; chunk < to; chunk += ChunkRows)
        {
            var end = Math.Min(to, chunk + ChunkRows);
            for (var panel = 0; panel < matrix.Panels; panel += 2)
            {
                var pair = panel + 1 < matrix.Panels;
                var start = matrix.Start + (panel * next);
                Begin(begin, matrix.Bias + (panel * MicroKernel.Panel), pair);
                for (var row = chunk; row < end; row += MicroKernel.Rows)
                {
                    var rows = (int)Math.Min(MicroKernel.Rows, end - row);
                    var term = 0;
                    var sums = begin;
                    for (var w = 0; w < windows.Length; w++)
                    {
                        ref readonly var window = ref windows[w];
                        if (starts.Length > 0) term = starts[w];
                        var terms = start + ((nint)term * MicroKernel.Panel);
                        if (window.Holds(row, out var inPlace)) MicroKernel.Add(inPlace, window.Stride * window.Pitch, window.Terms, terms, pair ? next : 0, sums, tile);
                        else AddGathered(window, row, rows, terms, pair ? next : 0, sums, tile);
                        sums = tile;
                        term += window.Terms;
                    }

                    Finish<TActivation>(tile, target, row, rows, panel * MicroKernel.Panel, Math.Min(matrix.Outputs - (panel * MicroKernel.Panel), pair ? MicroKernel.Columns : MicroKernel.Panel));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddGathered(in Window window, long row, int rows, float* terms, nint next, float* sums, float* tile)
    {
        var needed = (((MicroKernel.Rows - 1) * window.Stride) + window.Taps) * window.Width;
        if (gathered is null || gathered.Length < needed) gathered = GC.AllocateArray<float>(needed, pinned: true);
        window.Gather(row, rows, gathered);
        MicroKernel.Add((float*)Unsafe.AsPointer(ref gathered[0]), (nint)window.Stride * window.Width, window.Terms, terms, next, sums, tile);
    }

    /// <summary>Sets all sums of a tile to the bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Begin(float* tile, float* bias, bool pair)
    {
        var first = Vector512.Load(bias);
        var second = pair ? Vector512.Load(bias + MicroKernel.Panel) : Vector512<float>.Zero;
        for (var sums = tile; sums < tile + Tile; sums += MicroKernel.Columns)
        {
            first.Store(sums);
            second.Store(sums + MicroKernel.Panel);
        }
    }

    /// <summary>Addend and activation, and the tile's valid part to its place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Finish<TActivation>(float* tile, in Target target, long row, int rows, int column, int columns)
        where TActivation : struct, IActivation
    {
        var to = (float*)target.Rows + (row * target.Pitch) + column;
        var add = target.Add == 0 ? null : (float*)target.Add + (row * target.AddPitch) + column;
        for (var r = 0; r < rows; r++, tile += MicroKernel.Columns, to += target.Pitch)
        {
            var c = 0;
            for (; c <= columns - MicroKernel.Panel; c += MicroKernel.Panel)
            {
                var sum = Vector512.Load(tile + c);
                if (add != null) sum += Vector512.Load(add + c);
                TActivation.Of(sum).Store(to + c);
            }

            if (c < columns)
            {
                if (add != null)
                    for (var i = c; i < columns; i++) tile[i] += add[i];
                TActivation.Of(Vector512.Load(tile + c)).Store(tile + c);
                new ReadOnlySpan<float>(tile + c, columns - c).CopyTo(new Span<float>(to + c, columns - c));
            }

            if (add != null) add += target.AddPitch;
        }
    }
}
