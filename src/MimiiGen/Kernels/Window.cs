using System.Runtime.CompilerServices;

namespace MimiiGen.Kernels;

/// <summary>What a row of a product sees of a sequence of frames beyond its ends.</summary>
internal enum Edge
{
    /// <summary>Zeros.</summary>
    Zero,

    /// <summary>The sequence mirrored at its first and last frame.</summary>
    Reflect,
}

/// <summary>
/// Where a product takes its rows from: row r is the <see cref="Taps"/> successive frames from frame r * <see cref="Stride"/> + <see cref="First"/> of a
/// sequence, one after the other. So a convolution is a product whose rows overlap, and nothing is copied but the rows at the edges.
/// </summary>
internal readonly unsafe struct Window
{
    /// <summary>Frame 0 of the sequence, whether it is in memory or not.</summary>
    public required float* Frames { get; init; }

    /// <summary>Frames of the whole sequence; those beyond are the edge's.</summary>
    public required long Total { get; init; }

    /// <summary>First frame in memory.</summary>
    public long Low { get; init; }

    /// <summary>First frame after those in memory.</summary>
    public required long High { get; init; }

    /// <summary>Floats that are read of a frame.</summary>
    public required int Width { get; init; }

    /// <summary>Floats from a frame to the next; more than <see cref="Width"/> only with one tap.</summary>
    public required nint Pitch { get; init; }

    /// <summary>Frames of a row.</summary>
    public int Taps { get; init; } = 1;

    /// <summary>Frames from a row to the next.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Frame where row 0 begins; negative: before the sequence.</summary>
    public long First { get; init; }

    /// <summary>Beyond the sequence's ends.</summary>
    public Edge Edge { get; init; }

    /// <summary>Floats of one row.</summary>
    public int Terms => Taps * Width;

    public Window()
    {
    }

    /// <summary>The rows of a matrix (rows, width) as they lie.</summary>
    public static Window Over(float* matrix, long rows, int width) =>
        new() { Frames = matrix, Total = rows, High = rows, Width = width, Pitch = width };

    /// <summary>Whether twelve rows from that one can be read where they lie.</summary>
    public bool Holds(long row, out float* start)
    {
        var frame = First + (row * Stride);
        start = Frames + (frame * Pitch);
        return frame >= Low && frame + ((MicroKernel.Rows - 1) * Stride) + Taps <= High;
    }

    /// <summary>Copies what that many rows see, edges included; then the rows are <see cref="Stride"/> * <see cref="Width"/> floats apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gather(long row, int rows, Span<float> into)
    {
        var frame = First + (row * Stride);
        var count = ((rows - 1) * Stride) + Taps;
        for (var i = 0; i < count; i++)
        {
            var to = into.Slice(i * Width, Width);
            var index = frame + i;
            if (Edge == Edge.Reflect) index = Reflected(index, Total);
            if (index < Low || index >= High) to.Clear();
            else new ReadOnlySpan<float>(Frames + (index * Pitch), Width).CopyTo(to);
        }
    }

    /// <summary>The frame that stands for one beyond an end, mirrored there.</summary>
    public static long Reflected(long frame, long total) => frame < 0 ? -frame : frame >= total ? (2 * (total - 1)) - frame : frame;
}
