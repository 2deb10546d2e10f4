using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Runtime;

/// <summary>What a native call was given lives until it returns, whatever other threads collect meanwhile (Directory.Build.targets).</summary>
public sealed class NativeArgumentTests
{
    private const double Seconds = 3; // as published, TorchSharp fails some times a second here

    [Fact]
    public void NumbersAreWhatTheyWereWhileAnotherThreadCollects()
    {
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() => Collect(stop.Token));
        collector.Start();
        using var ones = torch.ones(64);
        var wrong = 0;
        try
        {
            for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < Seconds;)
            {
                using var scope = NewDisposeScope();
                for (var i = 0; i < 100; i++)
                    wrong += Differs(ones * 2.0, 2) + Differs(ones + ones, 2) + Differs(full([64], 3.0), 3);
            }
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }

        Assert.Equal(0, wrong);

        static int Differs(Tensor tensor, float expected) => tensor[0].ToSingle() == expected ? 0 : 1;
    }

    /// <summary>Collects, and takes the memory of what was freed for other numbers.</summary>
    private static void Collect(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            GC.Collect(0);
            GC.WaitForPendingFinalizers();
            for (var i = 0; i < 200; i++)
            {
                using Scalar other = 1e6 + i;
            }
        }
    }
}
