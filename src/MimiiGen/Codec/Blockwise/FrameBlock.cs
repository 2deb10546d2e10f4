using System.Runtime.CompilerServices;
using MimiiGen.Kernels;

namespace MimiiGen.Codec;

/// <summary>Successive frames of a longer sequence, in memory that is used again for the next block.</summary>
internal sealed unsafe class FrameBlock
{
    private float[] memory = [];
    private float* start;
    private long from;
    private int channels;

    /// <summary>First frame of the sequence that is here.</summary>
    public long Low { get; private set; }

    /// <summary>First frame after those that are here.</summary>
    public long High { get; private set; }

    /// <summary>Frames of the whole sequence.</summary>
    public long Total { get; private set; }

    /// <summary>Frame 0 of the sequence, as if it were here.</summary>
    public float* Frames => start - (from * channels);

    /// <summary>Makes room for frames; those beyond the sequence's ends have room but no meaning.</summary>
    public void Hold(long from, long to, int channels, long total)
    {
        var size = checked((int)((to - from) * channels)) + MicroKernel.Panel;
        if (memory.Length < size) memory = GC.AllocateUninitializedArray<float>(size, pinned: true);
        Describe((float*)Unsafe.AsPointer(ref memory[0]), from, to, channels, total);
    }

    /// <summary>Stands for frames that are somewhere else and stay there.</summary>
    public void Stand(float* frames, int channels, long total) => Describe(frames, 0, total, channels, total);

    /// <summary>What a convolution's rows see of it.</summary>
    public Window Window(long first, int taps, int stride, Edge edge) => new()
    {
        Frames = Frames,
        Total = Total,
        Low = Low,
        High = High,
        Width = channels,
        Pitch = channels,
        First = first,
        Taps = taps,
        Stride = stride,
        Edge = edge,
    };

    private void Describe(float* memory, long from, long to, int channels, long total)
    {
        start = memory;
        this.from = from;
        this.channels = channels;
        (Low, High, Total) = (Math.Max(0, from), Math.Min(to, total), total);
    }
}
