using MimiiGen.Audio;

namespace MimiiGen.Datasets;

/// <summary>Finds out how a folder of recordings is laid out, and what each of its clips is.</summary>
public static class DatasetReader
{
    // the first that fits: a record beside a clip says more than names, a table of the user's more than folder names do
    private static IDatasetLayout[] Layouts(Action<string>? skip) =>
    [
        new RecordLayout(), new MimiiLayout(), new DcaseLayout(skip), new Dcase2020Layout(), new ToyAdmosLayout(), new ToyAdmos2Layout(), new TableLayout(skip), new NormalAbnormalLayout(),
    ];

    private static readonly EnumerationOptions AllFiles = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        MatchCasing = MatchCasing.CaseInsensitive,
    };

    /// <summary>Names of the layouts for the command line.</summary>
    public static IReadOnlyList<string> LayoutNames { get; } = [.. Layouts(null).Select(l => l.Key)];

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
    /// <param name="layoutName">One of <see cref="LayoutNames"/>; where it is null, the first that fits is taken.</param>
    /// <exception cref="BadInputException">No such folder, no recording in it, no layout that is known, or a table that can't be read.</exception>
    public static Dataset Read(string root, string? splitFile = null, Action<string>? skip = null, string? layoutName = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        if (File.Exists(root)) throw new BadInputException($"{root} is a file: give the folder that holds the recordings");
        if (!Directory.Exists(root)) throw new BadInputException($"{root}: no such folder; give the folder that holds the recordings");
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        var waves = WaveFiles(root);
        if (waves.Count == 0) throw new BadInputException(NoWaves(root));

        var leftOut = new List<LeftOutFile>();
        foreach (var layout in Chosen(layoutName, skip))
        {
            if (layout.Recognise(root, waves, leftOut) is not { } files) continue;
            var splits = splitFile is null ? SplitFile.Find(root) : SplitFile.Read(splitFile, root);
            var clips = files.OrderBy(f => f.FileName, StringComparer.Ordinal).SelectMany(f => Clips(root, f, splits, leftOut)).ToArray();
            if (clips.Length == 0)
                throw new BadInputException($"{root}: none of {waves.Count} WAV files can be used; the first: {leftOut[0].FileName} {leftOut[0].Reason}");
            var remarks = files.Where(f => f.Missing is not null).Select(f => new ClipProblem(f.FileName, ProblemKind.ClipWithoutAttributes, f.Missing!));
            return new Dataset(root, layout.Name, clips, leftOut) { Remarks = [.. remarks] };
        }

        throw new BadInputException(layoutName is not null
            ? $"{root}: none of {waves.Count} WAV files is at a place of the layout {layoutName}"
            : $"{root}: {waves.Count} WAV files, but no layout that is known; sort them into normal/ and abnormal/, or add a metadata.csv with file_name, machine, anomaly");
    }

    private static IDatasetLayout[] Chosen(string? name, Action<string>? skip)
    {
        if (name is null) return Layouts(skip);
        IDatasetLayout[] chosen = [.. Layouts(skip).Where(l => l.Key.Equals(name, StringComparison.OrdinalIgnoreCase))];
        return chosen.Length > 0 ? chosen : throw new BadInputException($"--layout {name}: give one of {string.Join(", ", LayoutNames)}");
    }

    private static string NoWaves(string root) => Directory.EnumerateFiles(root, "*.mp4", AllFiles).Any()
        ? $"{root} holds no WAV files but .mp4 ones, as ToyADMOS2 is published: bring them to WAV first (ffmpeg -i NAME.mp4 NAME.wav), names and folders unchanged"
        : $"{root} holds no WAV files: give the folder that holds the recordings";

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
            yield return new DatasetClip(path, file.FileName, channel, metadata, split) { IsLabelled = file.IsLabelled };
        }
    }

    /// <summary>The message without the path that <see cref="LeftOutFile.FileName"/> already gives.</summary>
    private static string Reason(Exception e, string path) =>
        e.Message.StartsWith(path, StringComparison.Ordinal) ? e.Message[path.Length..].TrimStart(':', ' ') : e.Message;
}
