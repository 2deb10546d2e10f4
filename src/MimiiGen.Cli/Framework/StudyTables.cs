using MimiiGen.Experiments;
using Spectre.Console;

namespace MimiiGen.Cli.Framework;

/// <summary>A study's result for a terminal: what its findings are about, the study's own tables, and the findings.</summary>
internal static class StudyTables
{
    public static void Show(IAnsiConsole console, StudyResult result)
    {
        Write(console, result.Summary with { Title = result.Summary.Title + "; more measures in table.csv" }, [0, .. result.Told.Select(t => result.Summary.Columns.ToList().IndexOf(t)).Where(c => c > 0)]);
        foreach (var own in result.Tables) Write(console, own, [.. Enumerable.Range(0, own.Columns.Count)]);
        foreach (var note in result.Notes) console.WriteLine($"Note: {note}");
        foreach (var finding in result.Findings) console.WriteLine(finding);
    }

    private static void Write(IAnsiConsole console, MimiiGen.Experiments.Reporting.Table table, IReadOnlyList<int> columns)
    {
        var shown = new Table { Title = new TableTitle(Markup.Escape(table.Title)) }.Border(TableBorder.Rounded).AddColumns([.. columns.Select(c => Markup.Escape(table.Columns[c]))]);
        foreach (var row in table.Rows) shown.AddRow([.. columns.Select(c => Markup.Escape(row[c]))]);
        console.Write(shown);
    }
}
