using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Bench;

/// <summary>Times work: once to warm up, then until enough runs make a median.</summary>
internal static class Work
{
    private const int FewestRuns = 3;

    /// <param name="name">What is measured.</param>
    /// <param name="operations">Floating-point operations of one run; null where they aren't counted.</param>
    /// <param name="run">One run; its tensors are freed after it.</param>
    /// <param name="seconds">How long to go on.</param>
    public static Measurement Measure(string name, double? operations, Action run, double seconds = 2)
    {
        Once(run);
        var times = new List<double>();
        var begin = Stopwatch.GetTimestamp();
        while (times.Count < FewestRuns || Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds)
        {
            var start = Stopwatch.GetTimestamp();
            Once(run);
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        times.Sort();
        return new Measurement(name, times[times.Count / 2], times.Count, operations);
    }

    private static void Once(Action run)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        run();
    }
}
