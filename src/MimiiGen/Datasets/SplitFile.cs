namespace MimiiGen.Datasets;

/// <summary>A table <c>file_name,split</c> that fixes which clips may be learned from; names are relative to the table's folder, with <c>/</c>.</summary>
internal sealed class SplitFile
{
    public const string FileName = "split.csv";

    // from .../id_00/normal up to the folder that holds <snr>_<machine>
    private const int FoldersAbove = 4;

    private readonly string folder;
    private readonly Dictionary<string, Split> splits = new(StringComparer.Ordinal);

    private SplitFile(string path, string folder)
    {
        this.folder = folder;
        var table = CsvTable.Read(path);
        var (name, split) = (table.Need("file_name"), table.Need("split"));
        foreach (var row in table.Rows)
        {
            var part = Parse(table, row, split);
            if (!splits.TryAdd(row.Fields[name].Replace('\\', '/'), part) && splits[row.Fields[name]] != part)
                throw table.Refuse(row, name, "in one split only: it is listed as train and as test");
        }
    }

    /// <summary>The table of the folder or, where only a part of a dataset is read, of the nearest folder above; null where there is none.</summary>
    public static SplitFile? Find(string root)
    {
        var folder = root;
        for (var i = 0; i <= FoldersAbove && folder is not null; i++, folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, FileName)))
                return new SplitFile(Path.Combine(folder, FileName), folder);
        return null;
    }

    /// <summary>A table that lies elsewhere, with names relative to the dataset's root.</summary>
    public static SplitFile Read(string path, string root) =>
        File.Exists(path) ? new SplitFile(path, root) : throw new BadInputException($"{path}: no such split file");

    /// <summary>The split that a field names.</summary>
    public static Split Parse(CsvTable table, CsvTable.Row row, int column) => row.Fields[column] switch
    {
        "train" => Split.Train,
        "test" => Split.Test,
        _ => throw table.Refuse(row, column, "train or test"),
    };

    /// <summary>What a file may be used for; null where the table doesn't list it.</summary>
    public Split? Of(string path) =>
        splits.TryGetValue(Path.GetRelativePath(folder, path).Replace('\\', '/'), out var split) ? split : null;
}
