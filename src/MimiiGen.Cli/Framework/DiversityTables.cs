using MimiiGen.Evaluation;
using MimiiGen.Evaluation.Scoring;
using Spectre.Console;

namespace MimiiGen.Cli.Framework;

/// <summary>Copies, recognition and clusters for a terminal.</summary>
internal static class DiversityTables
{
    private const int Shown = 10;

    public static void Show(IAnsiConsole console, CopyResult result)
    {
        var table = Titled(result.Generated, result.Training, "measure (median over clips)", "generated to training", "training to training");
        table.AddRow("nearest by embedding, cosine", Words(result.Cosine), Words(result.RealCosine));
        table.AddRow("largest cross-correlation", Words(result.Correlation), Words(result.RealCorrelation));
        console.Write(table);
        console.WriteLine(result.Copies.Count == 0
            ? "No generated clip is a copy: none is nearer to a training clip than these are to one another."
            : $"{result.Copies.Count} of {result.Generated.Clips} generated clips are copies of training clips:");
        foreach (var copy in result.Copies.Take(Shown))
            console.WriteLine($"  {copy.Clip} of {copy.BestFit} (cross-correlation {copy.Correlation:0.000} at {copy.ShiftSeconds:+0.000;-0.000;0} s, cosine {copy.Cosine:0.000})");
        if (result.Copies.Count > Shown) console.WriteLine($"  and {result.Copies.Count - Shown} more: see --json");
        console.WriteLine($"embedding: {result.Embedding}; weights {result.WeightsSha256[..12]}...");
    }

    public static void Show(IAnsiConsole console, RecognitionResult result)
    {
        var table = Titled(result.Generated, result.Real, "property", "classes", "held-out real clips", "generated clips", "by chance (real, generated)");
        foreach (var task in result.Tasks)
            table.AddRow(task.Property, $"{task.Classes.Count}", Words(task.RealAccuracy), Words(task.GeneratedAccuracy), $"{task.RealChance:0.00}, {task.GeneratedChance:0.00}");
        console.Write(table);
        foreach (var task in result.Tasks) console.WriteLine($"{task.Property}: {task.Verdict}.");
        console.WriteLine($"embedding: {result.Embedding}; weights {result.WeightsSha256[..12]}...");
    }

    public static void Show(IAnsiConsole console, ClusterResult result)
    {
        var table = Titled(result.Generated, result.Real, "clusters by", "number", "silhouette", "with real clips", "of these with generated", "real clips covered", "generated clips apart");
        foreach (var row in result.Clusterings)
            table.AddRow(Markup.Escape(row.Method), $"{row.Clusters}", row.Silhouette is { } s ? $"{s:0.00}" : "none", $"{row.RealClusters}", $"{row.CoveredClusters}", $"{row.Coverage:0%}", $"{row.Foreign:0%}");
        console.Write(table);
        var spreads = new Table().Border(TableBorder.Rounded).AddColumns("condition", "real clips", "generated clips", "spread, real", "spread, generated", "ratio (right: 1)");
        foreach (var row in result.Spreads.Where(r => r.Real is not null || r.Generated is not null))
            spreads.AddRow(Markup.Escape(row.Condition.Replace(";", "; ", StringComparison.Ordinal)), $"{row.RealClips}", $"{row.GeneratedClips}", Number(row.Real), Number(row.Generated), row.Ratio is { } ratio ? Words(ratio) : "none");
        if (spreads.Rows.Count > 0) console.Write(spreads);
        console.WriteLine($"embedding: {result.Embedding}; weights {result.WeightsSha256[..12]}...; {result.Components} principal components with {result.Explained:0%} of the variance");

        static string Number(double? value) => value is { } number ? $"{number:0.00}" : "none";
    }

    private static Table Titled(ScoreSide generated, ScoreSide real, params string[] columns)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns(columns);
        table.Title = new TableTitle(Markup.Escape($"{generated.Clips} generated clips against {real.Clips} real ones"));
        return table;
    }

    private static string Words(Interval interval) => $"{interval.Estimate:0.00} ({interval.Low:0.00} to {interval.High:0.00})";
}
