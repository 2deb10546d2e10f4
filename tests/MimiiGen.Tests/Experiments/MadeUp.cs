using MimiiGen.Experiments;
using MimiiGen.Experiments.Arms;
using MimiiGen.Experiments.Measuring;

namespace MimiiGen.Tests.Experiments;

/// <summary>Records with made-up numbers.</summary>
internal static class MadeUp
{
    /// <summary>An arm whose FAD is one of the values with each seed.</summary>
    public static IEnumerable<ArmRecord> Arm(string name, ArmKind kind, params double[] values) => values.Select((value, seed) => new ArmRecord
    {
        Arm = name,
        What = name,
        Kind = kind,
        Seed = (ulong)seed,
        Clips = 20,
        Measures = [new Measure(Metric.Fad.Name, value)],
        Faults = [],
        Sampling = kind is ArmKind.Floor or ArmKind.Ceiling ? null : "DDIM",
        Seconds = 1,
    });
}
