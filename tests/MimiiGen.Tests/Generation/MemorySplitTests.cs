using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using MimiiGen.Generation;

namespace MimiiGen.Tests.Generation;

[SuppressMessage("Usage", "CA2201:Do not raise reserved exception types", Justification = "what TorchSharp throws")]
public sealed class MemorySplitTests
{
    [Theory]
    [InlineData("CUDA out of memory. Tried to allocate 2.00 GiB")]
    [InlineData("DefaultCPUAllocator: can't allocate memory: you tried to allocate 99 bytes")]
    [InlineData("DefaultCPUAllocator: not enough memory: you tried to allocate 99 bytes")]
    public void ABatchTooLargeIsWorkedOnInPartsInOrder(string message)
    {
        var parts = new List<int>();
        var results = MemorySplit.Run<int, int>([1, 2, 3, 4, 5], 9, part =>
        {
            parts.Add(part.Count);
            return part.Count > 2 ? throw new ExternalException(message) : [.. part.Select(i => i * i)];
        });

        Assert.Equal([1, 4, 9, 16, 25], results);
        Assert.Equal([5, 2, 3, 1, 2], parts);
    }

    [Fact]
    public void OneItemTooLargeIsAnErrorAndSoIsAnythingElse()
    {
        Assert.Throws<ExternalException>(() => MemorySplit.Run<int, int>([1], 9, _ => throw new ExternalException("out of memory")));
        Assert.Throws<ExternalException>(() => MemorySplit.Run<int, int>([1, 2], 9, _ => throw new ExternalException("sizes differ")));
    }

    [Theory]
    [InlineData(long.MaxValue, 7)]
    [InlineData(7, 7)]
    [InlineData(6, 4, 3)]
    [InlineData(3, 3, 3, 1)]
    [InlineData(1, 1, 1, 1, 1, 1, 1, 1)]
    [InlineData(0, 1, 1, 1, 1, 1, 1, 1)]
    public void ABatchIsDividedBeforehandByWhatFits(long most, params int[] sizes)
    {
        var parts = new List<int>();
        var results = MemorySplit.Run<int, int>([1, 2, 3, 4, 5, 6, 7], most, part =>
        {
            parts.Add(part.Count);
            return part;
        });

        Assert.Equal([1, 2, 3, 4, 5, 6, 7], results);
        Assert.Equal(sizes, parts);
    }
}
