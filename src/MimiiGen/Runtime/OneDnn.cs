using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MimiiGen.Runtime;

/// <summary>
/// oneDNN, by which libtorch convolves. It cuts its work by the size of the first cache, and where the processor doesn't tell that (virtual machines often hide it), 3.7 takes it for 0
/// and leaves the padding of channels that don't fill a vector register unwritten: outputs and gradients are then wrong or NaN without a word (uxlfoundation/oneDNN, issue 5313).
/// There libtorch convolves by its own matrix products instead.
/// </summary>
internal static unsafe class OneDnn
{
    private const int CachesOfIntel = 4;
    private const int CachesOfAmd = unchecked((int)0x8000001d);

    /// <summary>To be called once libtorch is loaded, before its first convolution.</summary>
    /// <param name="libtorch">Handle of <c>libtorch_cpu.so</c>.</param>
    /// <returns>Whether it is off now.</returns>
    public static bool TurnOffWhereCachesAreHidden(nint libtorch)
    {
        if (!X86Base.IsSupported || !CachesAreHidden(X86Base.CpuId)) return false;
        // at::globalContext(), at::Context::setUserEnabledMkldnn(bool): TorchSharp has no name for it
        var context = ((delegate* unmanaged<nint>)NativeLibrary.GetExport(libtorch, "_ZN2at13globalContextEv"))();
        Set("_ZN2at7Context20setUserEnabledMkldnnEb");
        Set("_ZN2at7Context20setUserEnabledNNPACKEb"); // it would be the next in line, and warns each time that it can't tell the processor either
        return true;

        void Set(string setter) => ((delegate* unmanaged<nint, byte, void>)NativeLibrary.GetExport(libtorch, setter))(context, 0);
    }

    /// <summary>Whether CPUID tells no cache: AMD has them in leaf 0x8000001d, others in leaf 4; type 0 in EAX's lowest five bits is none.</summary>
    /// <param name="cpuid">Function and subfunction to EAX, EBX, ECX, EDX.</param>
    internal static bool CachesAreHidden(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> cpuid)
    {
        const int authenticAmd = 0x68747541; // "Auth", in EBX
        var leaf = cpuid(0, 0).Ebx == authenticAmd ? CachesOfAmd : CachesOfIntel;
        var last = cpuid(leaf & int.MinValue, 0).Eax; // of basic or extended functions
        return (uint)last < (uint)leaf || (cpuid(leaf, 0).Eax & 31) == 0;
    }
}
