using MimiiGen.Checkpoints;

namespace MimiiGen.Datasets;

/// <summary>
/// Writes datasets in a published layout, so that a challenge's systems run on them unchanged: recordings are copied byte for byte, with the record of a
/// generated clip beside it.
/// </summary>
public static class DatasetWriter
{
    /// <summary>The layouts that can be written.</summary>
    public static IReadOnlyList<string> LayoutNames { get; } = ["mimii", "dcase"];

    /// <summary>Writes the recordings of one or several datasets, in their order, as one.</summary>
    /// <param name="datasets">What to write; clips without a label are left out.</param>
    /// <param name="layoutName">One of <see cref="LayoutNames"/>.</param>
    /// <param name="folder">A folder that holds nothing yet.</param>
    /// <param name="warn">Told of what the layout has no place for.</param>
    /// <param name="progress">One report a recording.</param>
    /// <param name="cancel">Checked between recordings.</param>
    /// <exception cref="BadInputException">Another layout, a folder that holds something, or no recording with a label.</exception>
    public static WrittenSet Write(
        IReadOnlyList<Dataset> datasets, string layoutName, string folder, Action<string>? warn = null, IProgress<WorkProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(datasets);
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()) throw new BadInputException($"{folder} holds files already: give a new folder");
        var recordings = datasets.SelectMany(d => d.Clips.Where(c => c.IsLabelled).GroupBy(c => c.Path, StringComparer.Ordinal)).Select(Recording).ToArray();
        if (recordings.Length == 0) throw new BadInputException("there are no recordings with a label to write");
        var unlabelled = datasets.Sum(d => d.Clips.Count(c => !c.IsLabelled));
        if (unlabelled > 0) warn?.Invoke($"{unlabelled} clips without a label are left out: the layout says of every clip whether it is normal");
        ITargetLayout target = layoutName switch
        {
            "mimii" => new MimiiTarget(),
            "dcase" => new DcaseTarget(recordings.Select(r => r.Metadata)),
            _ => throw new BadInputException($"--layout {layoutName}: give one of {string.Join(", ", LayoutNames)}"),
        };
        if (target is MimiiTarget && recordings.Any(r => r.Metadata.Attributes.Count > 0 || r.Metadata.Domain is not null || r.Metadata.AnomalyType is not null))
            warn?.Invoke("the MIMII layout has no place for domains, attributes and kinds of fault: they are lost, but in the records of generated clips");

        var done = 0;
        foreach (var (path, metadata, split) in recordings)
        {
            cancel.ThrowIfCancellationRequested();
            var place = Path.Combine(folder, target.Place(metadata, split));
            Copy(path, place);
            if (File.Exists(Path.ChangeExtension(path, ".json"))) Copy(Path.ChangeExtension(path, ".json"), Path.ChangeExtension(place, ".json"));
            progress?.Report(new WorkProgress("writing recordings", ++done, recordings.Length));
        }

        var tables = target.Tables().ToArray();
        foreach (var (path, text) in tables) AtomicFile.WriteText(Path.Combine(folder, path), text);
        return new WrittenSet(Path.GetFullPath(folder), layoutName, recordings.Length, [.. tables.Select(t => t.Path)]);
    }

    /// <summary>The channels of one file have all in common but the microphone.</summary>
    private static (string Path, ClipMetadata Metadata, Split? Split) Recording(IGrouping<string, DatasetClip> channels)
    {
        var first = channels.First();
        return (channels.Key, channels.Skip(1).Any() ? first.Metadata with { Microphone = null } : first.Metadata, first.Split);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to);
    }
}
