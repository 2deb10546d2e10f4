using System.Globalization;

namespace MimiiGen.Evaluation.Report;

/// <summary>The ROC curves of real, generated and mixed clips, with the region of the partial AUC marked.</summary>
internal static class RocChart
{
    private const double Side = 300;
    private const double Left = 46;
    private const double Top = 10;
    private const double PartialRegion = 0.1;

    public static string Draw(MachineResult machine)
    {
        var scores = machine.Scores;
        var svg = new Svg(Left + Side + 14, Top + Side + 44, $"ROC curves, {machine.Machine} {machine.Id}");
        svg.Rectangle(X(0), Y(1), X(PartialRegion) - X(0), Side, "region");
        foreach (var tick in new[] { 0, 0.25, 0.5, 0.75, 1 })
        {
            svg.Line(X(0), Y(tick), X(1), Y(tick), "grid");
            svg.Line(X(tick), Y(0), X(tick), Y(1), "grid");
            svg.Text(X(tick), Y(0) + 16, tick.ToString(CultureInfo.InvariantCulture), "middle");
            svg.Text(X(0) - 6, Y(tick) + 4, tick.ToString(CultureInfo.InvariantCulture), "end");
        }

        svg.Line(X(0), Y(0), X(1), Y(1), "reference");
        Curve(svg, scores.RealNormal, scores.RealAnomaly, "curve real");
        Curve(svg, scores.RealNormal, scores.GeneratedAnomaly, "curve mixed");
        Curve(svg, scores.GeneratedNormal, scores.GeneratedAnomaly, "curve generated");
        svg.Text(X(0.5), Y(0) + 36, "normal clips flagged", "middle", "axis");
        svg.Text(12, Y(0.5), "anomalies found", "middle", "axis", turned: true);
        return svg.ToString();
    }

    private static void Curve(Svg svg, IReadOnlyList<ClipScore> normals, IReadOnlyList<ClipScore> anomalies, string style)
    {
        if (normals.Count == 0 || anomalies.Count == 0) return;
        var curve = RocCurve.Of([.. normals.Select(s => s.Score)], [.. anomalies.Select(s => s.Score)]).WithoutStraightRuns();
        svg.Polyline(curve.FalsePositiveRates.Zip(curve.TruePositiveRates, (x, y) => (X(x), Y(y))), style);
    }

    private static double X(double rate) => Left + (rate * Side);

    private static double Y(double rate) => Top + ((1 - rate) * Side);
}
