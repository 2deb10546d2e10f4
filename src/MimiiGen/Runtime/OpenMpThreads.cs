using System.Runtime.InteropServices;

namespace MimiiGen.Runtime;

/// <summary>
/// The threads that libtorch shares its work with. GNU's OpenMP, which it brings, lets them wait for more in a loop for milliseconds before they sleep: on
/// cores that our own kernels want meanwhile, which doubled the time of attention on two of them. They are told to wait some tens of microseconds,
/// enough for operations that follow each other, unless the environment says how (OMP_WAIT_POLICY, GOMP_SPINCOUNT).
/// </summary>
internal static partial class OpenMpThreads
{
    private const string SpinCount = "GOMP_SPINCOUNT";
    private const string Spins = "10000";

    /// <summary>To be called before libtorch is loaded: OpenMP reads the environment once.</summary>
    public static void SleepSoon()
    {
        if (Environment.GetEnvironmentVariable(SpinCount) is not null || Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is not null) return;
        try
        {
            _ = setenv(SpinCount, Spins, 0); // .NET's own setter doesn't reach native code
        }
        catch (EntryPointNotFoundException)
        {
            // a C library without it: the threads wait as they do by themselves
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
