using System.Text.RegularExpressions;

namespace MimiiGen.Datasets;

/// <summary>
/// The tables <c>attributes_NN.csv</c> of one machine: <c>file_name,d1p,d1v,d2p,d2v,...</c>. File names are relative to the set, some years to the
/// machine; a machine's clips have names of their own, so the name without folders says which is meant.
/// </summary>
internal sealed partial class AttributesTable
{
    private readonly Dictionary<string, (string Table, int Line, IReadOnlyList<OperatingCondition> Conditions)> rows = new(StringComparer.Ordinal);

    /// <summary>Whether the machine has a table at all.</summary>
    public bool Exists { get; private init; }

    /// <param name="folder">The machine's folder.</param>
    /// <param name="skip">Told of each row that can't be read; where it is null, such a row is an error.</param>
    public static AttributesTable Read(string folder, Action<string>? skip)
    {
        string[] paths = Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "attributes_*.csv").Order(StringComparer.Ordinal)] : [];
        var tables = new AttributesTable { Exists = paths.Length > 0 };
        foreach (var path in paths)
        {
            var table = CsvTable.Read(path, skip);
            var name = table.Need("file_name");
            foreach (var row in table.Rows)
                tables.rows[NameOf(row.Fields[name])] = (Path.GetFileName(path), row.Line, [.. Conditions(table, row)]);
        }

        return tables;
    }

    /// <summary>What the table says of a clip; null where it has no row.</summary>
    public IReadOnlyList<OperatingCondition>? Of(string fileName) => rows.TryGetValue(NameOf(fileName), out var row) ? row.Conditions : null;

    /// <summary>Rows of clips that aren't among these.</summary>
    public IEnumerable<LeftOutFile> Without(IEnumerable<string> fileNames)
    {
        var present = fileNames.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        return rows.Where(r => !present.Contains(r.Key))
            .Select(r => new LeftOutFile(r.Key, $"is listed in {r.Value.Table}, line {r.Value.Line}, and not there", ProblemKind.AttributesWithoutClip));
    }

    private static string NameOf(string path) => path[(path.LastIndexOfAny(['/', '\\']) + 1)..];

    private static IEnumerable<OperatingCondition> Conditions(CsvTable table, CsvTable.Row row)
    {
        for (var i = 0; i < table.Columns.Length; i++)
        {
            var name = row.Fields[i];
            if (!Parameter().IsMatch(table.Columns[i]) || name.Length == 0 || AttributeNames.IsMissing(name)) continue;
            var column = table.Find(table.Columns[i][..^1] + "v");
            var value = column < 0 ? "" : row.Fields[column];
            if (!AttributeNames.IsMissing(value)) yield return new OperatingCondition(name, value);
        }
    }

    [GeneratedRegex("^d[0-9]+p$", RegexOptions.IgnoreCase)]
    private static partial Regex Parameter();
}
