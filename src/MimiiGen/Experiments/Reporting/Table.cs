using System.Text;
using MimiiGen.Datasets;

namespace MimiiGen.Experiments.Reporting;

/// <summary>A table as text, for a terminal, a spreadsheet and a page.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Columns">Their heads.</param>
/// <param name="Rows">Their cells, as many as there are columns.</param>
public sealed record Table(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>Some of its columns, in their order here; names that it lacks are passed over.</summary>
    public Table Only(IReadOnlyCollection<string> columns)
    {
        int[] kept = [.. Enumerable.Range(0, Columns.Count).Where(c => columns.Contains(Columns[c]))];
        return this with { Columns = [.. kept.Select(c => Columns[c])], Rows = [.. Rows.Select(r => (IReadOnlyList<string>)[.. kept.Select(c => r[c])])] };
    }

    /// <summary>As comma-separated values.</summary>
    public string ToCsv() => string.Concat(Rows.Prepend(Columns).Select(row => string.Join(',', row.Select(CsvTable.Field)) + "\n"));

    /// <summary>As a table of Markdown.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(Line(Columns)).Append(Line([.. Columns.Select(_ => "---")]));
        foreach (var row in Rows) text.Append(Line(row));
        return text.ToString();
    }

    private static string Line(IReadOnlyList<string> cells) => $"| {string.Join(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal)))} |\n";
}
