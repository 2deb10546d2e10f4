using MimiiGen.Evaluation.Scoring;
using Spectre.Console;

namespace MimiiGen.Cli.Framework;

/// <summary>Scores for a terminal: a table, and below it what to think of the numbers.</summary>
internal static class ScoreTable
{
    public static void Show(IAnsiConsole console, ScoreResult result)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("measure", "value (95 % interval)", "between real halves", "right would be");
        table.Title = new TableTitle(Markup.Escape($"{result.Generated.Clips} generated clips ({Length(result.Generated)}) against {result.Real.Clips} real ones ({Length(result.Real)})"));
        var verdicts = result.Scores.Select(s => s.Verdict).OfType<string>().Distinct().ToList();
        foreach (var score in result.Scores)
            table.AddRow(Markup.Escape(score.Metric), Markup.Escape(Value(score) + Mark(score)), score.RealHalves is { } halves ? Number(halves) : "", Markup.Escape(score.Right));
        console.Write(table);
        for (var v = 0; v < verdicts.Count; v++) console.WriteLine($"[{v + 1}] {verdicts[v]}");
        if (result.Scores.FirstOrDefault(s => s.Embedding is not null) is { } first) console.WriteLine($"embedding: {first.Embedding}; weights {first.WeightsSha256![..12]}...; resampler: {first.Resampler}");

        string Mark(Score score) => score.Verdict is { } verdict ? $" [{verdicts.IndexOf(verdict) + 1}]" : "";
    }

    private static string Value(Score score) => score.Value is not { } value ? "none"
        : score.Interval is { } interval ? $"{Number(value)} ({Number(interval[0])} to {Number(interval[1])})"
        : Number(value);

    private static string Number(double value) => Math.Abs(value) switch
    {
        >= 100 => $"{value:0.0}",
        >= 1 => $"{value:0.00}",
        >= 0.001 or 0 => $"{value:0.000}",
        _ => $"{value:0.0e+0}",
    };

    private static string Length(ScoreSide side) => side.Seconds < 120 ? $"{side.Seconds:0.#} s" : $"{side.Seconds / 60:0.#} min";
}
