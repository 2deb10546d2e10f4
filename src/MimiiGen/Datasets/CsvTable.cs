using System.Text;

namespace MimiiGen.Datasets;

/// <summary>
/// A CSV file with a header (RFC 4180): UTF-8 with or without byte-order mark; comma, semicolon, tab or bar between fields, whichever the
/// header holds most of; quoted fields may hold separators, quotes and line ends.
/// </summary>
internal sealed class CsvTable
{
    private readonly string path;

    private CsvTable(string path, string[] columns, IReadOnlyList<Row> rows)
    {
        this.path = path;
        Columns = columns;
        Rows = rows;
    }

    /// <summary>One record of the table.</summary>
    /// <param name="Line">Line of the file where it begins, from 1.</param>
    /// <param name="Fields">As many as there are columns, without surrounding spaces.</param>
    public sealed record Row(int Line, string[] Fields);

    public string[] Columns { get; }

    public IReadOnlyList<Row> Rows { get; }

    /// <param name="path">The file.</param>
    /// <param name="skip">Told of each row that can't be read, which is then left out; where it is null, such a row is an error.</param>
    /// <exception cref="BadInputException">Not UTF-8, no header, a column twice, a quote left open, a row of another width.</exception>
    public static CsvTable Read(string path, Action<string>? skip = null)
    {
        var text = Decode(path, tolerant: skip is not null);
        var records = Records(text, Separator(text), fault => Refuse($"{path}, {fault}", skip));
        if (records.Count == 0) throw new BadInputException($"{path} is empty: write a header line with file_name and further columns");
        var columns = records[0].Fields;
        var twice = columns.GroupBy(c => c, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null) throw new BadInputException($"{path}: column '{twice.Key}' occurs twice; rename one");
        var rows = new List<Row>();
        foreach (var row in records.Skip(1))
            if (Fault(row, columns) is not { } fault) rows.Add(row);
            else Refuse($"{path}, {fault}", skip);
        return new CsvTable(path, columns, rows);
    }

    /// <summary>Index of a column, whatever its case; -1 where there is none.</summary>
    public int Find(string column) => Array.FindIndex(Columns, c => c.Equals(column, StringComparison.OrdinalIgnoreCase));

    /// <summary>Index of a column that has to be there.</summary>
    public int Need(string column)
    {
        var index = Find(column);
        return index >= 0 ? index : throw new BadInputException($"{path} has no column '{column}', only {string.Join(", ", Columns)}");
    }

    /// <summary>The exception for a field that can't be understood.</summary>
    public BadInputException Refuse(Row row, int column, string expected) =>
        new($"{path}, line {row.Line}, column {Columns[column]}: '{row.Fields[column]}' is not {expected}");

    /// <summary>A text as a field, quoted where it has to be.</summary>
    public static string Field(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static void Refuse(string fault, Action<string>? skip)
    {
        if (skip is null) throw new BadInputException(fault);
        skip(fault);
    }

    private static string? Fault(Row row, string[] columns)
    {
        if (row.Fields.Length < columns.Length)
            return $"line {row.Line}, column {columns[row.Fields.Length]}: missing; {row.Fields.Length} fields where the header has {columns.Length}";
        if (row.Fields.Length > columns.Length)
            return $"line {row.Line}, after column {columns[^1]}: {row.Fields.Length} fields where the header has {columns.Length}; quote fields that hold a separator";
        var undecoded = Array.FindIndex(row.Fields, f => f.Contains('\uFFFD', StringComparison.Ordinal));
        return undecoded < 0 ? null : $"line {row.Line}, column {columns[undecoded]}: not UTF-8; save the table as UTF-8";
    }

    /// <summary>A tolerant reading has U+FFFD where a byte is no UTF-8.</summary>
    private static string Decode(string path, bool tolerant)
    {
        var bytes = File.ReadAllBytes(path);
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]) throw new BadInputException($"{path}, line 1, column 1: UTF-16; save the table as UTF-8");
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: !tolerant).GetString(bytes);
            return text.Length > 0 && text[0] == '\uFEFF' ? text[1..] : text;
        }
        catch (DecoderFallbackException e)
        {
            var before = bytes.AsSpan(0, Math.Clamp(e.Index, 0, bytes.Length));
            var line = before[(before.LastIndexOf((byte)'\n') + 1)..];
            throw new BadInputException($"{path}, line {1 + before.Count((byte)'\n')}, column {1 + Encoding.UTF8.GetCharCount(line)}: not UTF-8; save the table as UTF-8", e);
        }
    }

    private static char Separator(string text)
    {
        var header = text.AsSpan(0, text.IndexOfAny(['\r', '\n']) is var end and >= 0 ? end : text.Length);
        var best = ',';
        foreach (var candidate in ";\t|")
            if (header.Count(candidate) > header.Count(best))
                best = candidate;
        return best;
    }

    /// <summary>The records; <paramref name="refuse"/> is told of a quote that is never closed, and its line is left out where that returns.</summary>
    private static List<Row> Records(string text, char separator, Action<string> refuse)
    {
        var records = new List<Row>();
        var fields = new List<string>();
        var field = new StringBuilder();
        var (line, begin, quotedField) = (1, 1, false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '"' && !quotedField && string.IsNullOrWhiteSpace(field.ToString()))
            {
                field.Clear();
                var end = Quoted(text, i + 1, field, ref line);
                quotedField = end < text.Length;
                if (!quotedField)
                {
                    refuse($"line {line}{(records.Count > 0 && fields.Count < records[0].Fields.Length ? $", column {records[0].Fields[fields.Count]}" : "")}: a quote is opened and never closed");
                    fields.Clear();
                    field.Clear();
                    end = text.AsSpan(i).IndexOfAny('\r', '\n') is var rest and >= 0 ? i + rest - 1 : text.Length;
                }

                i = end;
            }
            else if (c == separator)
            {
                EndField();
            }
            else if (c is '\n' or '\r')
            {
                if (c == '\r' && i + 1 < text.Length && text[i + 1] == '\n') i++;
                EndRecord();
                begin = ++line;
            }
            else if (!quotedField || !char.IsWhiteSpace(c))
            {
                field.Append(c);
            }
        }

        EndRecord();
        return records;

        void EndField()
        {
            fields.Add(quotedField ? field.ToString() : field.ToString().Trim());
            field.Clear();
            quotedField = false;
        }

        void EndRecord()
        {
            EndField();
            if (fields.Count > 1 || fields[0].Length > 0) records.Add(new Row(begin, [.. fields]));
            fields.Clear();
        }
    }

    /// <summary>Reads up to the closing quote; returns its place, or the text's end where there is none.</summary>
    private static int Quoted(string text, int i, StringBuilder field, ref int line)
    {
        var lines = 0;
        for (; i < text.Length; i++)
        {
            if (text[i] == '\n') lines++;
            if (text[i] != '"') field.Append(text[i]);
            else if (i + 1 < text.Length && text[i + 1] == '"') field.Append(text[i++]);
            else break;
        }

        if (i < text.Length) line += lines;
        return i;
    }
}
