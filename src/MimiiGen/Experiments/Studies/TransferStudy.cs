using MimiiGen.Datasets;
using MimiiGen.Experiments.Arms;
using MimiiGen.Experiments.Measuring;

namespace MimiiGen.Experiments.Studies;

/// <summary>What the generator makes of what it never heard.</summary>
internal sealed class TransferStudy() : Study(
    "transfer",
    "What of a fault, condition, machine or dataset that was never heard?",
    "trained on all, without the tested fault, without the tested condition, without the tested machine, and on a second folder of recordings alone (--other)",
    "anomalous training clips of the tested machine, or several conditions or ids of its type, or a second folder",
    "a training from nothing of each arm with each seed",
    "It tells of the tested machines alone. What an arm never heard has its levels from the nearest condition that it did hear, and these may be right by luck.")
{
    internal override IReadOnlyList<Metric> Told => [Metric.Fad, Metric.FaultAccuracy, Metric.AucDistance, Metric.NormalAuc];

    internal override IReadOnlyList<Arm> Arms(StudyData data)
    {
        var tested = data.Tests.Select(t => t.Anomalies[0].Metadata).ToArray();
        var arms = new List<Arm> { Without(data, "all heard", "trained on all training clips", _ => false) with { Kind = ArmKind.Reference } };
        Add("fault unheard", "without the faults that are tested, of any machine of the type and id", c => c.Anomaly && tested.Any(t => Same(t, c) && (t.AnomalyType is null || t.AnomalyType == c.AnomalyType)), c => tested.Any(t => Same(t, c)), "no training clip shows a tested fault");
        if (Condition(data, tested) is { } condition)
            Add("condition unheard", $"without the tested {condition.Name}", c => tested.Any(t => Same(t, c) && condition.Of(c) == condition.Of(t)), c => tested.Any(t => Same(t, c)), "");
        else data.Note("the arm of a condition never heard is left out: the tested machines were recorded under one condition alone");
        Add("machine unheard", "without the tested machines", c => tested.Any(t => Same(t, c)), c => tested.Any(t => t.Machine == c.Machine), "there is no other machine of the tested type");
        if (data.OtherTraining.Count > 0)
            arms.Add(new Arm("other dataset", "trained on the second folder alone", new Generated { Recipe = new Recipe { Architecture = data.Architecture, FromOther = true } }));
        else data.Note("the arm of another dataset is left out: name a second folder with --other");
        return arms.Count > 1 ? arms : throw new BadInputException($"{data.Dataset.Root}: transfer has nothing to leave out: no anomalous training clips of the tested machine, no second condition or id, no --other folder");

        void Add(string name, string what, Func<ClipMetadata, bool> unheard, Func<ClipMetadata, bool> near, string missing)
        {
            var left = data.Training.Where(c => !unheard(c.Metadata)).ToArray();
            if (left.Length == data.Training.Count || !left.Any(c => near(c.Metadata))) data.Note($"the arm '{name}' is left out: {(missing.Length > 0 ? missing : "nothing near it would be left to learn from")}");
            else arms.Add(Without(data, name, what, unheard));
        }
    }

    private static Arm Without(StudyData data, string name, string what, Func<ClipMetadata, bool> unheard) =>
        new(name, what, new Generated { Recipe = new Recipe { Architecture = data.Architecture, Known = (_, _, metadata) => unheard(metadata) ? null : metadata } });

    /// <summary>The first property of the recording that the tested machines have several values of in training.</summary>
    private static (string Name, Func<ClipMetadata, string?> Of)? Condition(StudyData data, ClipMetadata[] tested)
    {
        (string Name, Func<ClipMetadata, string?> Of)[] properties =
        [
            ("signal-to-noise ratio", c => c.SnrDb),
            ("domain", c => c.Domain),
            .. tested.SelectMany(t => t.Attributes).Select(a => a.Name).Distinct().Select(name => (name, (Func<ClipMetadata, string?>)(c => c.Attributes[name]))),
        ];
        foreach (var property in properties)
            if (tested.Any(t => data.Training.Where(c => Same(t, c.Metadata)).Select(c => property.Of(c.Metadata)).Distinct().Count() > 1))
                return property;
        return null;
    }

    private static bool Same(ClipMetadata a, ClipMetadata b) => a.Machine == b.Machine && a.Id == b.Id && a.Section == b.Section;
}
