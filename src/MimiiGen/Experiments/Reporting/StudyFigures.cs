using System.Text.RegularExpressions;
using MimiiGen.Checkpoints;
using MimiiGen.Experiments.Arms;
using MimiiGen.Experiments.Measuring;
using ScottPlot;

namespace MimiiGen.Experiments.Reporting;

/// <summary>
/// One figure a metric: arms as dots with their intervals, or on the study's axis where they have an order, beside the floor and the ceiling. Colours of Okabe and
/// Ito (2008), and a marker and a dash pattern of its own for each kind, so that they are told apart in print and by colour-blind readers.
/// </summary>
internal static partial class StudyFigures
{
    private const int Width = 720;
    private const int RowHeight = 34;
    private const int Margin = 130;
    private const int AxisHeight = 420;
    private const float Size = 10;

    private static readonly Color Blue = Color.FromHex("#0072B2");
    private static readonly Color Vermilion = Color.FromHex("#D55E00");
    private static readonly Color Green = Color.FromHex("#009E73");
    private static readonly Color Purple = Color.FromHex("#CC79A7");
    private static readonly Color[] Colours = [Vermilion, Blue, Green, Color.FromHex("#E69F00"), Purple, Color.FromHex("#56B4E9"), Colors.Black];
    private static readonly MarkerShape[] Markers =
    [
        MarkerShape.FilledSquare, MarkerShape.FilledCircle, MarkerShape.FilledDiamond, MarkerShape.FilledTriangleUp, MarkerShape.FilledTriangleDown, MarkerShape.OpenCircle, MarkerShape.OpenSquare,
        MarkerShape.OpenDiamond, MarkerShape.Asterisk, MarkerShape.Cross, MarkerShape.Eks,
    ];

    /// <summary>Draws the figures of a study into its folder.</summary>
    public static IReadOnlyList<Figure> Draw(string folder, IReadOnlyList<Metric> told, IReadOnlyList<ArmRecord> records, string? axis)
    {
        var figures = new List<Figure>();
        foreach (var metric in told)
        {
            var summary = new SeedSummary(metric, records);
            ArmRecord[] arms = [.. records.DistinctBy(r => r.Arm).Where(r => summary.Has(r.Arm))];
            if (!arms.Any(IsCompared)) continue;
            var file = $"figure-{figures.Count + 1}.svg";
            using var plot = new Plot();
            plot.Font.Set("DejaVu Sans");
            if (axis is null) Rows(plot, summary, arms);
            else Along(plot, summary, new SeedSummary(Metric.Seconds, records), arms, axis);
            var svg = plot.GetSvgXml(Width, axis is null ? Margin + (RowHeight * arms.Count(IsCompared)) : AxisHeight);
            AtomicFile.WriteText(Path.Combine(folder, file), Family().Replace(svg, "font-family=\"DejaVu Sans, Verdana, Arial, sans-serif\""));
            var right = metric.Right.Length > 0 ? $" Right would be: {metric.Right}." : "";
            figures.Add(new Figure(file, $"{metric.Name}: means over seeds with 95 % intervals over seeds and clips; the reference is a filled square, the lines are real halves (dashed) and the codec alone (dotted).{right}"));
        }

        return figures;
    }

    [GeneratedRegex("font-family=\"[^\"]*\"")]
    private static partial Regex Family();

    private static bool IsCompared(ArmRecord arm) => arm.Kind is ArmKind.Variant or ArmKind.Reference;

    private static void Rows(Plot plot, SeedSummary summary, ArmRecord[] arms)
    {
        ArmRecord[] compared = [.. arms.Where(IsCompared)];
        for (var i = 0; i < compared.Length; i++)
        {
            var (value, y) = (summary.Of(compared[i].Arm), (double)(compared.Length - 1 - i));
            var isReference = compared[i].Kind == ArmKind.Reference;
            var colour = isReference ? Vermilion : Blue;
            Whisker(plot, value.Low, y, value.High, y, colour);
            plot.Add.Marker(value.Estimate, y, isReference ? MarkerShape.FilledSquare : MarkerShape.FilledCircle, Size, colour);
        }

        foreach (var bound in arms.Except(compared)) Style(plot.Add.VerticalLine(summary.Of(bound.Arm).Estimate), bound);
        plot.Axes.Left.SetTicks([.. compared.Select((_, i) => (double)(compared.Length - 1 - i))], [.. compared.Select(a => a.Arm)]);
        plot.Axes.SetLimitsY(-0.7, compared.Length - 0.3);
        plot.XLabel(summary.Metric.Name);
        plot.ShowLegend(Edge.Top);
    }

    /// <summary>Each arm with a colour and a marker of its own, named in the legend, for several may stand at one place.</summary>
    private static void Along(Plot plot, SeedSummary summary, SeedSummary seconds, ArmRecord[] arms, string axis)
    {
        ArmRecord[] compared = [.. arms.Where(a => IsCompared(a) && (a.Position is not null || seconds.Has(a.Arm)))];
        for (var i = 0; i < compared.Length; i++)
        {
            var (value, x) = (summary.Of(compared[i].Arm), compared[i].Position ?? seconds.Of(compared[i].Arm).Estimate);
            var colour = Colours[i % Colours.Length];
            Whisker(plot, x, value.Low, x, value.High, colour);
            plot.Add.Marker(x, value.Estimate, Markers[i % Markers.Length], Size, colour).LegendText = compared[i].Kind == ArmKind.Reference ? $"{compared[i].Arm} (reference)" : compared[i].Arm;
        }

        foreach (var bound in arms.Where(a => !IsCompared(a))) Style(plot.Add.HorizontalLine(summary.Of(bound.Arm).Estimate), bound);
        plot.XLabel(axis);
        plot.YLabel(summary.Metric.Name);
        plot.ShowLegend(Edge.Right);
    }

    private static void Whisker(Plot plot, double x1, double y1, double x2, double y2, Color colour)
    {
        var line = plot.Add.Line(x1, y1, x2, y2);
        (line.LineColor, line.LineWidth, line.MarkerSize) = (colour, 1.5f, 0);
    }

    private static void Style(ScottPlot.Plottables.AxisLine line, ArmRecord bound)
    {
        var floor = bound.Kind == ArmKind.Floor;
        (line.LineColor, line.LinePattern, line.LineWidth, line.LegendText) = (floor ? Green : Purple, floor ? LinePattern.Dashed : LinePattern.Dotted, 2, bound.Arm);
    }
}
