using System.Runtime.InteropServices;

namespace MimiiGen.Runtime;

/// <summary>
/// The C library's heap, where tensors lie on the CPU.
/// <para>
/// Once a large tensor was freed, glibc raises its mmap threshold and takes the next ones from the heap, where they leave holes between small
/// blocks that live longer. A training, which makes and frees the same tensors every step, grows so by 4 to 20 MB a step while the tensors
/// alive stay the same. A fixed mmap threshold keeps the memory flat too, but then every large tensor pays for fresh pages, which
/// doubled the processor time of a step; giving the holes back now and then costs about 2 %.
/// </para>
/// </summary>
internal static partial class NativeHeap
{
    private const int StepsBetween = 10;

    private static bool canTrim = OperatingSystem.IsLinux();

    /// <summary>To be called after each step of a loop that makes large tensors: every tenth time the heap's holes go back to the system.</summary>
    /// <param name="step">Number of the step.</param>
    public static void AfterStep(long step)
    {
        if (!canTrim || step % StepsBetween != 0) return;
        try
        {
            _ = malloc_trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            canTrim = false; // a C library other than glibc
        }
    }

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint pad);
}
