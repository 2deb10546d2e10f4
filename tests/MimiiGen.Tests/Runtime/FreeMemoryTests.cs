using MimiiGen.Runtime;

namespace MimiiGen.Tests.Runtime;

public sealed class FreeMemoryTests
{
    [Fact]
    public void ItIsSomeAndNoMoreThanTheMachineHas() => Assert.InRange(FreeMemory.Bytes(), 1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    [Fact]
    public void WhatIsAvailableIsReadFromLinuxsTable()
    {
        Assert.Equal(21550380L * 1024, FreeMemory.Read(["MemTotal:       24684092 kB", "MemFree:         8399140 kB", "MemAvailable:   21550380 kB"]));
        Assert.Null(FreeMemory.Read(["MemTotal:       24684092 kB", "MemFree:         8399140 kB"]));
    }
}
