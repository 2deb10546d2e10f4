using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Kernels;

/// <summary>Where a tensor's numbers lie.</summary>
internal static unsafe class Memory
{
    /// <summary>First number of a contiguous tensor of 32-bit floats on the CPU; valid as long as the tensor.</summary>
    public static float* Of(Tensor contiguous) => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(contiguous.bytes));
}
