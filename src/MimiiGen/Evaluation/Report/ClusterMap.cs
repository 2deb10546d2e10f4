using MimiiGen.Evaluation.Scoring;

namespace MimiiGen.Evaluation.Report;

/// <summary>A picture of clips in their first two principal components: real ones as rings, generated ones as dots, a colour for each of the most frequent groups.</summary>
public static class ClusterMap
{
    private const double Side = 520;
    private const double Left = 60;
    private const double Top = 16;
    private const int Colours = 6;

    private const string Style =
        "<style>.chart{font:12px sans-serif;background:#fff}.grid{stroke:#ddd}.label,.axis{fill:#444}" +
        ".g0{--c:#0b62a8}.g1{--c:#c9500a}.g2{--c:#1d8348}.g3{--c:#7d3c98}.g4{--c:#b7950b}.g5{--c:#c0392b}.g6{--c:#666}" +
        ".made{fill:var(--c);fill-opacity:.75}.real{fill:none;stroke:var(--c);stroke-width:1.8}</style>";

    /// <summary>The map as the text of an SVG file.</summary>
    public static string Draw(ClusterResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        string[] groups = [.. result.Map.GroupBy(p => p.Group).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key)];
        var shown = Math.Min(groups.Length, Colours + 1);
        var svg = new Svg(Left + Side + 24, Top + Side + 76 + (18 * shown), "Clips in their first two principal components");
        var x = NiceAxis.Around(result.Map.Min(p => p.X), result.Map.Max(p => p.X));
        var y = NiceAxis.Around(result.Map.Min(p => p.Y), result.Map.Max(p => p.Y));
        foreach (var tick in x.Ticks)
        {
            svg.Line(X(tick), Top, X(tick), Top + Side, "grid");
            svg.Text(X(tick), Top + Side + 16, FormattableString.Invariant($"{tick:0.###}"), "middle");
        }

        foreach (var tick in y.Ticks)
        {
            svg.Line(Left, Y(tick), Left + Side, Y(tick), "grid");
            svg.Text(Left - 8, Y(tick) + 4, FormattableString.Invariant($"{tick:0.###}"), "end");
        }

        foreach (var point in result.Map) svg.Circle(X(point.X), Y(point.Y), 4, $"{(point.Generated ? "made" : "real")} {Colour(point.Group)}");
        svg.Text(Left + (Side / 2), Top + Side + 36, Axis("first", 0), "middle", "axis");
        svg.Text(16, Top + (Side / 2), Axis("second", 1), "middle", "axis", turned: true);
        svg.Text(Left, Top + Side + 60, "rings: real clips; dots: generated clips");
        for (var g = 0; g < shown; g++)
        {
            var at = Top + Side + 78 + (18 * g);
            svg.Circle(Left + 5, at - 4, 4, $"made {Colour(groups[g])}");
            svg.Text(Left + 16, at, g < Colours ? groups[g] : "all others");
        }

        return svg.ToString().Replace("<title>", Style + "<title>", StringComparison.Ordinal);

        double X(double value) => Left + (x.Place(value) * Side);

        double Y(double value) => Top + ((1 - y.Place(value)) * Side);

        string Colour(string group) => $"g{Math.Min(Array.IndexOf(groups, group), Colours)}";

        string Axis(string which, int of) => FormattableString.Invariant($"{which} component ({100 * result.MapShares.ElementAtOrDefault(of):0} % of the variance)");
    }
}
