using System.Globalization;
using System.Runtime.InteropServices;
using MimiiGen.Checkpoints;
using static TorchSharp.torch;

namespace MimiiGen.Runtime;

/// <summary>Looks at what this machine can do and what is missing on it.</summary>
public static class MachineCheck
{
    private const double Gibibyte = 1024.0 * 1024 * 1024;
    private const double EnoughMemory = 4 * Gibibyte;
    private const double EnoughDisk = 2 * Gibibyte;

    /// <summary>Everything that <c>doctor</c> tells; takes about a second, most of it for measuring a matrix product.</summary>
    /// <param name="device">The device to measure.</param>
    public static IReadOnlyList<Finding> Run(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return
        [
            new("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}, .NET {Environment.Version}"),
            new("processor", $"{Environment.ProcessorCount} cores, {ProcessorName()}"),
            Memory(),
            Disk(Environment.CurrentDirectory),
            new("torch", $"libtorch {__version__}, {get_num_threads()} threads"),
            new("native library", NativeTorch.Outcome),
            new("devices", string.Join(", ", Devices.Available())),
            Speed(device),
            .. Models(),
        ];
    }

    private static Finding Memory()
    {
        var bytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return new("memory", Gib(bytes), bytes >= EnoughMemory ? null : "evaluate needs about 4 GiB: close other programs or use a larger machine");
    }

    private static Finding Disk(string folder)
    {
        var free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        return new("free disk", $"{Gib(free)} in {folder}", free >= EnoughDisk ? null : "under 2 GiB: free some, or name another folder by --out");
    }

    private static Finding Speed(Device device)
    {
        var speed = MatmulSpeed.Gigaflops(device);
        return new("matmul", string.Create(CultureInfo.InvariantCulture, $"{speed:f0} GFLOP/s on {device}"),
            speed >= 10 ? null : "slow: are other programs busy, or is the container limited to part of a core?");
    }

    private static IEnumerable<Finding> Models()
    {
        var folder = ShippedFiles.FindFolder("models");
        string[] files = folder is null ? [] : [.. Directory.GetFiles(folder, "*.safetensors", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        foreach (var file in files)
            yield return new("weights", string.Create(CultureInfo.InvariantCulture,
                $"{Path.GetRelativePath(folder!, file)}, {new FileInfo(file).Length / 1e6:f1} MB, SHA-256 {FileHash.Sha256(file)}"));
        if (!files.Any(f => Path.GetRelativePath(folder!, f).StartsWith("default" + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
            yield return new("default model", folder is null ? "no folder models" : $"no weights in {Path.Combine(folder, "default")}",
                "start in the cloned repository and check that 'git status' is clean there, or name a model folder by --model");
    }

    private static string ProcessorName()
    {
        const string linux = "/proc/cpuinfo";
        var line = File.Exists(linux) ? File.ReadLines(linux).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }

    private static string Gib(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / Gibibyte:f1} GiB");
}
