using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MimiiGen.Runtime;

/// <summary>
/// oneDNN, by which libtorch convolves. It cuts its work by the size of the first cache, and where the processor doesn't tell that (virtual machines often hide it), 3.7 takes it for 0
/// and leaves the padding of channels that don't fill a vector register unwritten: outputs and gradients are then wrong or NaN without a word (reported for AArch64: uxlfoundation/oneDNN, issue 5313).
/// There libtorch convolves by its own matrix products instead, which makes a step of training take 1.4 to 1.7 times as long.
/// </summary>
internal static unsafe class OneDnn
{
    private const int CachesOfIntel = 4;
    private const int CachesOfAmd = unchecked((int)0x8000001d);

    /// <summary>To be called once libtorch is loaded, before its first convolution.</summary>
    /// <param name="libtorch">Handle of <c>libtorch_cpu.so</c>.</param>
    /// <returns>Whether it is off now.</returns>
    /// <exception cref="BadInputException">It would have to be, and this libtorch has no switch for it.</exception>
    public static bool TurnOffWhereCachesAreHidden(nint libtorch)
    {
        if (!X86Base.IsSupported || !CachesAreHidden(X86Base.CpuId)) return false;
        // at::globalContext(), at::Context::setUserEnabledMkldnn(bool): TorchSharp has no name for it
        var context = ((delegate* unmanaged<nint>)Export("_ZN2at13globalContextEv"))();
        ((delegate* unmanaged<nint, byte, void>)Export("_ZN2at7Context20setUserEnabledMkldnnEb"))(context, 0);
        ((delegate* unmanaged<nint, byte, void>)Export("_ZN2at7Context20setUserEnabledNNPACKEb"))(context, 0); // the next in line, which warns each time that it can't tell the processor either
        return true;

        nint Export(string name) => NativeLibrary.TryGetExport(libtorch, name, out var address) ? address
            : throw new BadInputException($"this processor hides its caches, so that oneDNN convolves wrongly, and this libtorch can't be told to do without it ({name} is missing): use libtorch 2.10, which comes with this program");
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
