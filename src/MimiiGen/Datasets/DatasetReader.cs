using MimiiGen.Audio;

namespace MimiiGen.Datasets;

/// <summary>Finds out how a folder of recordings is laid out, and what each of its clips is.</summary>
public static class DatasetReader
{
    // the first that fits: a table of the user's says more than folder names do
    private static IDatasetLayout[] Layouts(Action<string>? skip) => [new MimiiLayout(), new TableLayout(skip), new NormalAbnormalLayout()];

    private static readonly EnumerationOptions AllFiles = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        MatchCasing = MatchCasing.CaseInsensitive,
    };

    /// <summary>
    /// Reads what is in a folder: names, tables and WAV headers, no samples. A recording of several channels becomes one clip a channel,
    /// whose microphone is the channel's number. A file that can't be used is left out and named in <see cref="Dataset.LeftOut"/>.
    /// </summary>
    /// <param name="root">The folder.</param>
    /// <param name="splitFile">
    /// A table <c>file_name,split</c> (train or test, names relative to <paramref name="root"/>); where it is null, <c>split.csv</c> in the folder
    /// or up to four folders above it is taken if there is one.
    /// </param>
    /// <param name="skip">
    /// Told of each row of a table that can't be understood, which is then left out; where it is null, such a row is an error.
    /// </param>
    /// <exception cref="BadInputException">No such folder, no recording in it, no layout that is known, or a table that can't be read.</exception>
    public static Dataset Read(string root, string? splitFile = null, Action<string>? skip = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        if (File.Exists(root)) throw new BadInputException($"{root} is a file: give the folder that holds the recordings");
        if (!Directory.Exists(root)) throw new BadInputException($"{root}: no such folder; give the folder that holds the recordings");
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        var waves = WaveFiles(root);
        if (waves.Count == 0) throw new BadInputException($"{root} holds no WAV files: give the folder that holds the recordings");

        var leftOut = new List<LeftOutFile>();
        foreach (var layout in Layouts(skip))
        {
            if (layout.Recognise(root, waves, leftOut) is not { } files) continue;
            var splits = splitFile is null ? SplitFile.Find(root) : SplitFile.Read(splitFile, root);
            var clips = files.OrderBy(f => f.FileName, StringComparer.Ordinal).SelectMany(f => Clips(root, f, splits, leftOut)).ToArray();
            if (clips.Length == 0)
                throw new BadInputException($"{root}: none of {waves.Count} WAV files can be used; the first: {leftOut[0].FileName} {leftOut[0].Reason}");
            return new Dataset(root, layout.Name, clips, leftOut);
        }

        throw new BadInputException(
            $"{root}: {waves.Count} WAV files, but no layout that is known; sort them into normal/ and abnormal/, or add a metadata.csv with file_name, machine, anomaly");
    }

    private static List<string> WaveFiles(string root) =>
    [
        .. Directory.EnumerateFiles(root, "*.wav", AllFiles)
            .Select(f => Path.GetRelativePath(root, f).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<DatasetClip> Clips(string root, LayoutFile file, SplitFile? splits, List<LeftOutFile> leftOut)
    {
        var path = Path.Combine(root, file.FileName);
        int channels;
        try
        {
            channels = WavFile.ReadInfo(path).Channels;
        }
        catch (Exception e) when (e is BadInputException or IOException)
        {
            leftOut.Add(new LeftOutFile(file.FileName, Reason(e, path)));
            yield break;
        }

        var split = splits?.Of(path) ?? file.Split;
        for (var channel = 0; channel < channels; channel++)
        {
            var metadata = channels == 1 ? file.Metadata : file.Metadata with { Microphone = channel };
            yield return new DatasetClip(path, file.FileName, channel, metadata, split);
        }
    }

    /// <summary>The message without the path that <see cref="LeftOutFile.FileName"/> already gives.</summary>
    private static string Reason(Exception e, string path) =>
        e.Message.StartsWith(path, StringComparison.Ordinal) ? e.Message[path.Length..].TrimStart(':', ' ') : e.Message;
}
