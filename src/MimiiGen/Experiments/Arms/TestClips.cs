using MimiiGen.Datasets;
using MimiiGen.Evaluation;

namespace MimiiGen.Experiments.Arms;

/// <summary>A real test clip.</summary>
/// <param name="Machine">Number of its machine among those tested.</param>
/// <param name="Clip">The clip.</param>
internal sealed record TestClip(int Machine, DatasetClip Clip)
{
    public bool Anomaly => Clip.Metadata.Anomaly;
}

/// <summary>Which real clips a study asks for.</summary>
internal static class TestClips
{
    /// <summary>Of each machine so many normal and faulty clips, the faulty ones fault by fault in turn.</summary>
    public static IReadOnlyList<TestClip> Of(IReadOnlyList<MachineTest> tests, int perClass) =>
        [.. tests.SelectMany((test, machine) => test.Normals.Take(perClass).Concat(InTurn(test.Anomalies).Take(perClass)).Select(c => new TestClip(machine, c)))];

    /// <summary>Two halves with as many clips of each machine and class, drawn by the seed; a clip without a partner is in neither.</summary>
    public static (IReadOnlyList<TestClip> First, IReadOnlyList<TestClip> Second) Halves(IReadOnlyList<TestClip> clips, ulong seed)
    {
        var chance = new Random((int)(seed & int.MaxValue));
        var (first, second) = (new List<TestClip>(), new List<TestClip>());
        foreach (var group in clips.GroupBy(c => (c.Machine, c.Anomaly)))
        {
            TestClip[] drawn = [.. group];
            chance.Shuffle(drawn);
            first.AddRange(drawn[..(drawn.Length / 2)]);
            second.AddRange(drawn[(drawn.Length / 2)..(drawn.Length / 2 * 2)]);
        }

        return (first, second);
    }

    private static IEnumerable<DatasetClip> InTurn(IReadOnlyList<DatasetClip> clips) =>
        clips.GroupBy(c => c.Metadata.AnomalyType).SelectMany(g => g.Select((c, i) => (c, i))).OrderBy(p => p.i).Select(p => p.c);
}
