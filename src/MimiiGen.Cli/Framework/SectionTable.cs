using System.Globalization;
using MimiiGen.Evaluation.Sections;
using Spectre.Console;

namespace MimiiGen.Cli.Framework;

/// <summary>Scores by section for a terminal.</summary>
internal static class SectionTable
{
    public static void Show(IAnsiConsole console, IReadOnlyList<SectionResult> results, double? officialScore, string folder)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("machine", "section", "clips", "AUC", "source", "target", "pAUC", "precision", "recall", "F1", "note");
        foreach (var r in results)
            table.AddRow([.. new[]
            {
                r.Machine, r.Section, $"{r.Clips}", Number(r.Auc), Number(r.AucSource), Number(r.AucTarget), Number(r.Pauc),
                Number(r.Decisions?.Precision), Number(r.Decisions?.Recall), Number(r.Decisions?.F1), r.Note,
            }.Select(Markup.Escape)]);
        console.Write(table);
        console.WriteLine(officialScore is { } score ? string.Create(CultureInfo.InvariantCulture, $"official score {score:0.0000}") : "no official score: no section has both classes");
        console.Profile.Out.Writer.WriteLine($"scores and decisions in {folder}");
    }

    private static string Number(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";
}
