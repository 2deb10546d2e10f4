using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace MimiiGen.Runtime;

/// <summary>
/// Makes TorchSharp's native library loadable on this machine before the first tensor is made.
/// <para>
/// <c>libLibTorchSharp.so</c> asks for the symbol version GLIBCXX_3.4.32, which carries nothing but a marker that
/// nobody calls. Where the system's libstdc++ is older (Debian 12 and its like), that one requirement is marked weak
/// in the copy beside the program, so that the loader lets it pass. Packages and system libraries stay untouched.
/// </para>
/// </summary>
public static class NativeTorch
{
    private const string Library = "libLibTorchSharp.so";
    private const string Torch = "libtorch_cpu.so";
    private const string Marker = "GLIBCXX_3.4.32";

    private static readonly Lock Gate = new();
    private static bool prepared;

    /// <summary>What was done to make the native library load: one line for <c>doctor</c>.</summary>
    public static string Outcome { get; private set; } = "not loaded yet";

    /// <summary>Loads the native library, mending the copy beside the program where the loader needs it.</summary>
    /// <exception cref="BadInputException">The library can't be loaded, or its copy can't be mended.</exception>
#pragma warning disable CA2255 // every program that uses this library needs it, whatever type it touches first
    [ModuleInitializer]
#pragma warning restore CA2255
    public static void Prepare()
    {
        lock (Gate)
        {
            if (prepared) return;
            prepared = true;
            if (!OperatingSystem.IsLinux())
            {
                Outcome = "native library loaded as it is";
                return;
            }

            OpenMpThreads.SleepSoon();
            Outcome = Load();
            if (NativeLibrary.TryLoad(Torch, out var libtorch) && OneDnn.TurnOffWhereCachesAreHidden(libtorch)) Outcome += "; convolves without oneDNN, for the processor hides its caches";
        }
    }

    private static string Load()
    {
        var folder = Candidates().FirstOrDefault(f => File.Exists(Path.Combine(f, Library)));
        if (folder is null) return $"{Library} is not beside the program; TorchSharp looks for it itself";
        var path = Path.Combine(folder, Library);
        Preload(folder);
        if (TryLoad(path, out var reason)) return "native library loaded as it is";
        if (!reason.Contains(Marker, StringComparison.Ordinal))
            throw new BadInputException($"{path} can't be loaded: {reason}");
        try
        {
            var aside = path + $".{Environment.ProcessId}.mended";
            File.WriteAllBytes(aside, WithWeakVersion(File.ReadAllBytes(path), Marker));
            File.Move(aside, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(
                $"{path} needs {Marker} of libstdc++, which this system lacks, and the copy can't be mended ({e.Message}): make its folder writable once, or install libstdc++ of GCC 13.2 or newer", e);
        }

        if (!TryLoad(path, out reason)) throw new BadInputException($"{path} can't be loaded even after mending: {reason}");
        return $"native library loaded; its copy beside the program no longer insists on {Marker}";
    }

    private static IEnumerable<string> Candidates()
    {
        var root = AppContext.BaseDirectory;
        yield return root;
        yield return Path.Combine(root, "runtimes", "linux-x64", "native");
        if (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") is string list)
            foreach (var folder in list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
                yield return folder;
    }

    /// <summary>
    /// Loads PyTorch's own libraries first, in the order of their dependence. Where they lie elsewhere
    /// (LD_LIBRARY_PATH naming the torch/lib of a Python environment with CUDA, say), the loader finds them there.
    /// </summary>
    private static void Preload(string folder)
    {
        foreach (var name in new[] { "libc10.so", Torch, "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so" })
        {
            var local = Path.Combine(folder, name);
            NativeLibrary.TryLoad(File.Exists(local) ? local : name, out _);
        }
    }

    private static bool TryLoad(string path, out string reason)
    {
        try
        {
            NativeLibrary.Load(path);
            reason = "";
            return true;
        }
        catch (DllNotFoundException e)
        {
            reason = e.Message.ReplaceLineEndings(" ");
            return false;
        }
    }

    /// <summary>
    /// Sets VER_FLG_WEAK on the one version requirement of that name in an ELF64 file's <c>.gnu.version_r</c>.
    /// Layout: Elf64_Verneed (16 bytes) heads a chain of Elf64_Vernaux (16 bytes), see the System V ABI's symbol versioning.
    /// </summary>
    internal static byte[] WithWeakVersion(byte[] elf, string version)
    {
        const uint gnuVerneed = 0x6ffffffe;
        const ushort weak = 0x2;
        if (elf.Length < 64 || elf[0] != 0x7f || elf[1] != 'E' || elf[4] != 2) throw new IOException("not a 64-bit ELF file");
        var sectionTable = (int)BinaryPrimitives.ReadUInt64LittleEndian(elf.AsSpan(0x28));
        var sectionSize = BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan(0x3a));
        var sectionCount = BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan(0x3c));
        for (var s = 0; s < sectionCount; s++)
        {
            var header = elf.AsSpan(sectionTable + (s * sectionSize), sectionSize);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != gnuVerneed) continue;
            var need = (int)BinaryPrimitives.ReadUInt64LittleEndian(header[0x18..]);
            var stringSection = (int)BinaryPrimitives.ReadUInt32LittleEndian(header[0x28..]);
            var strings = (int)BinaryPrimitives.ReadUInt64LittleEndian(elf.AsSpan(sectionTable + (stringSection * sectionSize) + 0x18));
            while (true)
            {
                var aux = need + (int)BinaryPrimitives.ReadUInt32LittleEndian(elf.AsSpan(need + 8));
                while (true)
                {
                    var name = strings + (int)BinaryPrimitives.ReadUInt32LittleEndian(elf.AsSpan(aux + 8));
                    var length = elf.AsSpan(name).IndexOf((byte)0);
                    if (Encoding.ASCII.GetString(elf, name, length) == version)
                        BinaryPrimitives.WriteUInt16LittleEndian(elf.AsSpan(aux + 4), weak);
                    var nextAux = BinaryPrimitives.ReadUInt32LittleEndian(elf.AsSpan(aux + 12));
                    if (nextAux == 0) break;
                    aux += (int)nextAux;
                }

                var nextNeed = BinaryPrimitives.ReadUInt32LittleEndian(elf.AsSpan(need + 12));
                if (nextNeed == 0) return elf;
                need += (int)nextNeed;
            }
        }

        throw new IOException("no section of version requirements");
    }
}
