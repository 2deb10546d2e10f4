using MimiiGen.Evaluation.Report;
using Spectre.Console;

namespace MimiiGen.Cli.Framework;

/// <summary>The result of an evaluation for a terminal: the verdict, and one table a machine.</summary>
internal static class EvaluationTable
{
    public static void Show(IAnsiConsole console, EvaluationResult result)
    {
        var verdict = Verdict.Of(result);
        for (var m = 0; m < result.Machines.Count; m++)
        {
            var machine = result.Machines[m];
            var table = new Table().Border(TableBorder.Rounded).AddColumns("measure", "value", "right would be", "judgement");
            table.Title = new TableTitle(Markup.Escape($"{machine.Machine} {machine.Id}: {Words(machine.Counts)}"), new Style(decoration: Decoration.Bold));
            foreach (var check in verdict.Checks[m])
                table.AddRow(Markup.Escape(check.Name), Markup.Escape(check.Value), Markup.Escape(check.Wanted), Judged(check.Judgement));
            console.Write(table);
        }

        Detectors(console, result);
        if (result.Fad is { } fad) console.MarkupLineInterpolated($"Fréchet audio distance {fad.Value:0.00} (real clips themselves: {fad.Floor:0.00})");
        console.WriteLine();
        console.MarkupLine($"[bold {Colour(verdict.Answer)}]{Markup.Escape(verdict.Headline)}[/]");
        console.WriteLine(verdict.Explanation);
    }

    private static void Detectors(IAnsiConsole console, EvaluationResult result)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("machine", "detector", "AUC real", "real n. + gen. a.", "generated", "gen. n. + real a.", "difference");
        foreach (var machine in result.Machines)
            foreach (var detector in machine.Detectors)
                table.AddRow([.. (detector.Outcome is { } o
                    ? new[] { Area(o.Real), Area(o.Mixed), Area(o.Generated), Area(o.Swapped), FormattableString.Invariant($"{o.AucDifference.Estimate:+0.00;-0.00;0.00}") }
                    : ["-", "-", "-", "-", "no scores"]).Prepend(detector.Detector).Prepend($"{machine.Machine} {machine.Id}").Select(Markup.Escape)]);
        if (table.Rows.Count > 0) console.Write(table);
        foreach (var machine in result.Machines)
            foreach (var failed in machine.Detectors.Where(d => d.Failure is not null))
                console.Profile.Out.Writer.WriteLine($"{machine.Machine} {machine.Id}: no scores of {failed.Detector}: {failed.Failure}");
    }

    private static string Area(DetectionResult detection) => FormattableString.Invariant($"{detection.Auc.Estimate:0.00}");

    private static string Words(ClipCounts counts) =>
        $"{counts.RealNormal} + {counts.RealAnomaly} real, {counts.GeneratedNormal} + {counts.GeneratedAnomaly} generated clips (normal + anomaly)";

    private static string Judged(Judgement? judgement) => judgement switch
    {
        Judgement.Good => "[green]✓ right[/]",
        Judgement.Doubtful => "[yellow]≈ doubtful[/]",
        Judgement.Bad => "[red]✕ wrong[/]",
        _ => "",
    };

    private static string Colour(Answer answer) => answer switch
    {
        Answer.Yes => "green",
        Answer.No => "red",
        _ => "yellow",
    };
}
