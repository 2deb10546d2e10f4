using System.Globalization;

namespace MimiiGen.Runtime;

/// <summary>Memory that this process may still take. A system that promises more than it has ends a process that believes it, so it is to be asked first.</summary>
internal static class FreeMemory
{
    private const string Table = "/proc/meminfo";
    private const string Available = "MemAvailable:";

    /// <summary>Bytes: what is left to the process under the limit of machine or container, as the runtime knows it, and no more than Linux has available.</summary>
    public static long Bytes()
    {
        var left = Math.Max(0, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet);
        return File.Exists(Table) ? Math.Min(left, Read(File.ReadLines(Table)) ?? left) : left;
    }

    /// <summary>Bytes of a table's <c>MemAvailable</c>, which counts what caches can give up; null where it has none (Linux before 3.14).</summary>
    internal static long? Read(IEnumerable<string> table) =>
        table.FirstOrDefault(line => line.StartsWith(Available, StringComparison.Ordinal)) is { } line
            ? long.Parse(line[Available.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) << 10
            : null;
}
