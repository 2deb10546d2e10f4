using System.Runtime.CompilerServices;

namespace MimiiGen.Kernels;

/// <summary>Numbers at a place that does not move, at the start of a cache line; zero at first. Held by the garbage collector.</summary>
internal sealed unsafe class AlignedFloats
{
    private const int Line = 64; // bytes

    private readonly float[] pinned;

    public AlignedFloats(int length)
    {
        Length = length;
        pinned = GC.AllocateArray<float>(length + (Line / sizeof(float)), pinned: true);
        Start = (float*)(((nuint)Unsafe.AsPointer(ref pinned[0]) + Line - 1) & ~(nuint)(Line - 1));
    }

    /// <summary>How many.</summary>
    public int Length { get; }

    /// <summary>The first of them; valid as long as this object.</summary>
    public float* Start { get; }
}
