using System.Text;

namespace MimiiGen.Datasets;

/// <summary>The layout of MIMII 2019; which clips are for training stands in <c>split.csv</c>. It has no place for sections, domains and attributes.</summary>
internal sealed class MimiiTarget : ITargetLayout
{
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);
    private readonly StringBuilder splits = new();

    public string Place(ClipMetadata metadata, Split? split)
    {
        var machine = FolderName.Of(metadata.Machine);
        var above = metadata.SnrDb is { } ratio ? $"{FolderName.Of(ratio)}_dB_{machine}/" : "";
        var folder = $"{above}{machine}/id_{FolderName.Of(metadata.Id ?? metadata.Section ?? "00")}/{(metadata.Anomaly ? "abnormal" : "normal")}";
        counts[folder] = counts.GetValueOrDefault(folder) + 1;
        var place = $"{folder}/{counts[folder] - 1:d8}.wav";
        if (split is { } part) splits.Append($"{place},{(part == Split.Train ? "train" : "test")}\n");
        return place;
    }

    public IEnumerable<(string Path, string Text)> Tables()
    {
        if (splits.Length > 0) yield return (SplitFile.FileName, $"file_name,split\n{splits}");
    }
}
