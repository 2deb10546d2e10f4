using MimiiGen.Experiments.Arms;
using MimiiGen.Experiments.Measuring;

namespace MimiiGen.Experiments.Studies;

/// <summary>How few anomalous clips suffice, and when they are learned by heart.</summary>
internal sealed class DataSizeStudy() : Study(
    "data-size",
    "Over-fitting: how few anomalous clips suffice?",
    "1, 2, 5, 10 and all anomalous training clips of each type, drawn anew with each seed; normal clips are all kept",
    "a tested machine with at least 2 anomalous training clips of one type",
    "a training from nothing of each arm with each seed",
    "Anomalous clips of other machines and all normal clips stay in training, so one clip is not all that the generator knows of faults. Which clips were drawn matters with so few, and only as many draws as seeds were made.")
{
    private static readonly int[] Sizes = [1, 2, 5, 10];

    internal override string Axis => "anomalous training clips of each type";

    internal override IReadOnlyList<Metric> Told => [Metric.Fad, Metric.Nearest, Metric.Spread, Metric.AucDistance];

    internal override IReadOnlyList<Arm> Arms(StudyData data)
    {
        var most = data.Tests.SelectMany(t => t.TrainingClips).Where(c => c.Metadata.Anomaly).GroupBy(c => c.Metadata.ConditionKey).Select(g => g.Count()).DefaultIfEmpty(0).Max();
        if (most < 2) throw new BadInputException($"{data.Dataset.Root}: data-size needs a tested machine with at least 2 anomalous clips of one type that the split marks train, there are {most}");
        return
        [
            Of(data, $"all ({most})", int.MaxValue) with { Kind = ArmKind.Reference, Position = most },
            .. Sizes.Where(s => s < most).Select(s => Of(data, $"{s}", s) with { Position = s }),
        ];
    }

    private static Arm Of(StudyData data, string name, int size) => new(name, $"{name} anomalous training clips of each type", new Generated
    {
        Recipe = new Recipe { Architecture = data.Architecture, Known = (seed, clip, metadata) => !metadata.Anomaly || Chosen(data, seed, size).Contains(clip) ? metadata : null },
    });

    /// <summary>Numbers of the anomalous clips that stay: of each condition the first in an order drawn by the seed, so that a larger set holds the smaller ones.</summary>
    private static HashSet<int> Chosen(StudyData data, ulong seed, int size) =>
        [.. data.Training.Select((c, i) => (c, i)).Where(p => p.c.Metadata.Anomaly).GroupBy(p => p.c.Metadata.ConditionKey).SelectMany(g => Drawn([.. g.Select(p => p.i)], seed).Take(size))];

    private static int[] Drawn(int[] clips, ulong seed)
    {
        new Random((int)(seed & int.MaxValue)).Shuffle(clips);
        return clips;
    }
}
