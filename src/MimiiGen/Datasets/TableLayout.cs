using System.Globalization;
using System.Text.RegularExpressions;

namespace MimiiGen.Datasets;

/// <summary>
/// Any folder of recordings with a table <c>metadata.csv</c> in it (or one other CSV file that has a column <c>file_name</c>). Its other columns:
/// machine (else the folder's name), id, anomaly or label (else all are normal), anomaly_type, microphone, snr_db, domain, section, split;
/// pairs d1p, d1v, d2p, d2v name an attribute and its value, and every further column is an attribute.
/// </summary>
/// <param name="skip">Told of rows that can't be understood, which are then left out; where it is null, such a row is an error.</param>
internal sealed partial class TableLayout(Action<string>? skip = null) : IDatasetLayout
{
    private const string TableName = "metadata.csv";

    private static readonly string[] Known =
        ["file_name", "machine", "id", "anomaly", "label", "anomaly_type", "microphone", "snr_db", "domain", "section", "split"];

    public string Key => "table";

    public string Name => "folder with a table";

    public IReadOnlyList<LayoutFile>? Recognise(string root, IReadOnlyList<string> waves, ICollection<LeftOutFile> leftOut)
    {
        if (FindTable(root) is not { } path) return null;
        var table = CsvTable.Read(path, skip);
        var name = table.Need("file_name");
        var present = waves.ToHashSet(StringComparer.Ordinal);
        var files = new Dictionary<string, LayoutFile>(StringComparer.Ordinal);
        foreach (var row in table.Rows)
        {
            var file = row.Fields[name].Replace('\\', '/');
            if (file.StartsWith("./", StringComparison.Ordinal)) file = file[2..];
            if (skip is not null && Fault(table, row, Path.GetFileName(root)) is { } fault) skip(fault);
            else if (!present.Contains(file)) leftOut.Add(new LeftOutFile(file, $"is listed in {Path.GetFileName(path)}, line {row.Line}, and not there", ProblemKind.AttributesWithoutClip));
            else if (!files.TryAdd(file, new LayoutFile(file, Metadata(table, row, Path.GetFileName(root)), SplitOf(table, row))))
            {
                var twice = table.Refuse(row, name, "listed once only");
                if (skip is null) throw twice;
                skip(twice.Message);
            }
        }

        foreach (var stranger in waves.Where(w => !files.ContainsKey(w))) leftOut.Add(new LeftOutFile(stranger, $"is not listed in {Path.GetFileName(path)}"));
        return [.. files.Values];
    }

    private static string? Fault(CsvTable table, CsvTable.Row row, string folder)
    {
        try
        {
            Metadata(table, row, folder);
            SplitOf(table, row);
            return null;
        }
        catch (BadInputException e)
        {
            return e.Message;
        }
    }

    private static string? FindTable(string root)
    {
        var named = Path.Combine(root, TableName);
        if (File.Exists(named)) return named;
        var others = Directory.GetFiles(root, "*.csv").Where(f => Path.GetFileName(f) != SplitFile.FileName && HasFileNames(f)).ToArray();
        return others.Length <= 1
            ? others.FirstOrDefault()
            : throw new BadInputException($"{root} holds {others.Length} tables with a column file_name: name the one to use {TableName}");
    }

    private static bool HasFileNames(string path) =>
        File.ReadLines(path).FirstOrDefault() is { } header && FileNameColumn().IsMatch(header);

    private static ClipMetadata Metadata(CsvTable table, CsvTable.Row row, string folder) => new()
    {
        Machine = Text(table, row, "machine") ?? folder,
        Id = Text(table, row, "id"),
        Anomaly = IsAnomaly(table, row),
        AnomalyType = Text(table, row, "anomaly_type"),
        Microphone = Microphone(table, row),
        SnrDb = Text(table, row, "snr_db"),
        Domain = Text(table, row, "domain"),
        Section = Text(table, row, "section"),
        Attributes = [.. Attributes(table, row)],
    };

    private static IEnumerable<OperatingCondition> Attributes(CsvTable table, CsvTable.Row row)
    {
        for (var i = 0; i < table.Columns.Length; i++)
        {
            var (column, value) = (table.Columns[i].ToLowerInvariant(), row.Fields[i]);
            if (Known.Contains(column) || IsMissing(value)) continue;
            if (PairValue().IsMatch(column) && table.Find(column[..^1] + "p") >= 0) continue;
            if (!PairName().IsMatch(column)) yield return new OperatingCondition(table.Columns[i], value);
            else if (Text(table, row, column[..^1] + "v") is { } paired) yield return new OperatingCondition(value, paired);
        }
    }

    private static string? Text(CsvTable table, CsvTable.Row row, string column) =>
        table.Find(column) is var i and >= 0 && !IsMissing(row.Fields[i]) ? row.Fields[i] : null;

    private static bool IsMissing(string value) => value.Length == 0 || AttributeNames.IsMissing(value);

    private static bool IsAnomaly(CsvTable table, CsvTable.Row row)
    {
        var column = table.Find("anomaly") is var i and >= 0 ? i : table.Find("label");
        if (column < 0) return false;
        return row.Fields[column].ToLowerInvariant() switch
        {
            "0" or "false" or "no" or "normal" => false,
            "1" or "true" or "yes" or "anomaly" or "abnormal" => true,
            _ => throw table.Refuse(row, column, "normal or anomaly (nor 0 or 1, false or true, no or yes)"),
        };
    }

    private static int? Microphone(CsvTable table, CsvTable.Row row)
    {
        if (Text(table, row, "microphone") is not { } text) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw table.Refuse(row, table.Find("microphone"), "a whole number from 0");
    }

    private static Split? SplitOf(CsvTable table, CsvTable.Row row) =>
        Text(table, row, "split") is null ? null : SplitFile.Parse(table, row, table.Find("split"));

    [GeneratedRegex("(^|[,;\t|])\\W*file_name\\W*([,;\t|]|$)", RegexOptions.IgnoreCase)]
    private static partial Regex FileNameColumn();

    [GeneratedRegex("^d[0-9]+p$")]
    private static partial Regex PairName();

    [GeneratedRegex("^d[0-9]+v$")]
    private static partial Regex PairValue();
}
