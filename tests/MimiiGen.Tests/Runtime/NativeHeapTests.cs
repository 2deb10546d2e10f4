using MimiiGen.Runtime;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Runtime;

public sealed class NativeHeapTests
{
    private const int Blocks = 400;
    private const int Elements = 128 * 1024; // half a megabyte: below every mmap threshold that freed blocks can have raised

    [Fact]
    public void HolesBetweenTensorsGoBackToTheSystem()
    {
        if (!OperatingSystem.IsLinux()) return;
        for (var i = 0; i < 3; i++) zeros(4 << 20).Dispose(); // a freed block of 16 MB raises glibc's mmap threshold to that size
        var tensors = Enumerable.Range(0, Blocks).Select(_ => ones(Elements)).ToArray();
        for (var i = 0; i < Blocks; i++)
            if (i % 8 != 0)
                tensors[i].Dispose();
        var before = Resident();

        NativeHeap.AfterStep(1);
        var untouched = Resident();
        NativeHeap.AfterStep(10);
        var after = Resident();

        for (var i = 0; i < Blocks; i += 8) tensors[i].Dispose();
        Assert.True(before - untouched < 40, $"{before} MB before, {untouched} MB after a step that is no tenth");
        Assert.True(before - after > 60, $"{before} MB before, {after} MB after the tenth step");
    }

    private static long Resident() =>
        long.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) >> 10;
}
