using System.Globalization;

namespace MimiiGen.Bench;

/// <summary>What this process holds in memory, as Linux counts it.</summary>
internal static class PeakMemory
{
    /// <summary>Bytes now.</summary>
    public static long Now => Status("VmRSS");

    /// <summary>The most bytes since the last <see cref="Restart"/>.</summary>
    public static long Highest => Status("VmHWM");

    /// <summary>Lets the peak start anew.</summary>
    public static void Restart() => File.WriteAllText("/proc/self/clear_refs", "5");

    private static long Status(string key) =>
        1024 * long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith(key, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
