using System.Runtime.Intrinsics;
using MimiiGen.Kernels;

namespace MimiiGen.Detection.DenseTraining;

/// <summary>A tile of a product, summed by blocks of terms: a long sum in 32 bits loses less that way.</summary>
internal static unsafe class TileProduct
{
    private const int Block = 128;
    private const int Size = MicroKernel.Rows * MicroKernel.Columns;

    /// <summary>Floats to work in: the tile, and one block's part of it.</summary>
    public const int Memory = 2 * Size;

    /// <summary>Adds twelve rows times one or two panels of sixteen columns to a tile.</summary>
    /// <param name="rows">The first row.</param>
    /// <param name="pitch">Floats from a row to the next.</param>
    /// <param name="terms">Terms of each sum.</param>
    /// <param name="panels">The first panel (terms, 16), the other behind it.</param>
    /// <param name="pair">Whether there is another.</param>
    /// <param name="sums">The tile (12, 32), and <see cref="Memory"/> in all.</param>
    public static void Add(float* rows, nint pitch, int terms, float* panels, bool pair, float* sums)
    {
        var next = pair ? (nint)terms * MicroKernel.Panel : 0;
        MicroKernel.Add(rows, pitch, Math.Min(Block, terms), panels, next, sums, sums);
        for (var first = Block; first < terms; first += Block)
        {
            var part = sums + Size;
            new Span<float>(part, Size).Clear();
            MicroKernel.Add(rows + first, pitch, Math.Min(Block, terms - first), panels + ((nint)first * MicroKernel.Panel), next, part, part);
            for (var i = 0; i < Size; i += Vector512<float>.Count) (Vector512.Load(sums + i) + Vector512.Load(part + i)).Store(sums + i);
        }
    }
}
