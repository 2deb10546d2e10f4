using MimiiGen.Datasets;

namespace MimiiGen.Evaluation.Sections;

/// <summary>The clips of one section of one machine: what a detector learns from and what it is asked. The first channel of a recording counts.</summary>
/// <param name="Machine">Machine type; of one tested at several signal-to-noise ratios with the ratio before it, as MIMII names its folders.</param>
/// <param name="Section">Section, or machine id where the dataset has no sections; 00 where it has neither.</param>
/// <param name="TrainingNormals">Normal clips to learn from.</param>
/// <param name="TestClips">Clips to score, with a label or without.</param>
public sealed record DetectorSection(string Machine, string Section, IReadOnlyList<DatasetClip> TrainingNormals, IReadOnlyList<DatasetClip> TestClips)
{
    /// <summary>For people and as a path: fan/section_00.</summary>
    public string Name => $"{Machine}/section_{Section}";

    /// <summary>All sections of a dataset, in its order.</summary>
    public static IReadOnlyList<DetectorSection> Of(Dataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var clips = dataset.Clips.Where(c => c.Channel == 0).ToArray();
        var groups = clips.GroupBy(c => (c.Metadata.Machine, Section: c.Metadata.Section ?? c.Metadata.Id ?? "00", c.Metadata.SnrDb)).ToArray();
        return
        [
            .. groups.Select(g => new DetectorSection(
                IsPlain(g.Key) ? g.Key.Machine : $"{g.Key.SnrDb ?? "unknown"}_dB_{g.Key.Machine}",
                g.Key.Section,
                [.. g.Where(c => c.Split == Split.Train && c.IsLabelled && !c.Metadata.Anomaly)],
                [.. g.Where(c => c.Split == Split.Test)])),
        ];

        // of several ratios the only one with test clips needs no telling apart
        bool IsPlain((string Machine, string Section, string? SnrDb) key)
        {
            var ratios = groups.Where(g => g.Key.Machine == key.Machine).Select(g => g.Key.SnrDb).Distinct().ToArray();
            var tested = groups.Where(g => g.Key.Machine == key.Machine && g.Any(c => c.Split == Split.Test)).Select(g => g.Key.SnrDb).Distinct().ToArray();
            return ratios.Length == 1 || (tested.Length == 1 && tested[0] == key.SnrDb);
        }
    }
}
