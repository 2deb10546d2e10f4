using System.Globalization;

namespace MimiiGen.Bench;

/// <summary>What Linux says of this process's memory.</summary>
internal static class ProcessMemory
{
    /// <summary>Bytes of a line of <c>/proc/self/status</c>: VmRSS, what it has; VmHWM, the most it had.</summary>
    public static long Status(string key) =>
        1024 * long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith(key, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    /// <summary>The peak starts anew.</summary>
    public static void StartPeak() => File.WriteAllText("/proc/self/clear_refs", "5");
}
