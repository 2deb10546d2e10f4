using System.Globalization;

namespace MimiiGen.Evaluation.Report;

/// <summary>Histograms of the detector's scores, the four groups below each other on one axis, with a mark for each clip.</summary>
internal static class ScoreChart
{
    private const int Bins = 24;
    private const double Left = 156;
    private const double Plot = 440;
    private const double RowHeight = 88;
    private const double Top = 8;

    public static string Draw(MachineResult machine)
    {
        var scores = machine.Scores;
        (string Name, IReadOnlyList<ClipScore> Scores, string Style)[] groups =
        [
            ("real normal", scores.RealNormal, "normal"),
            ("generated normal", scores.GeneratedNormal, "normal made"),
            ("real anomaly", scores.RealAnomaly, "anomaly"),
            ("generated anomaly", scores.GeneratedAnomaly, "anomaly made"),
        ];
        var bottom = Top + (groups.Length * RowHeight);
        var svg = new Svg(Left + Plot + 16, bottom + 44, $"Anomaly scores, {machine.Machine} {machine.Id}");
        var all = groups.SelectMany(g => g.Scores).Select(s => s.Score).ToArray();
        if (all.Length == 0) return svg.ToString();
        var axis = NiceAxis.Around(all.Min(), all.Max());
        double X(double score) => Left + (axis.Place(score) * Plot);

        foreach (var tick in axis.Ticks)
        {
            svg.Line(X(tick), Top, X(tick), bottom, "grid");
            svg.Text(X(tick), bottom + 16, tick.ToString("0.######", CultureInfo.InvariantCulture), "middle");
        }

        for (var g = 0; g < groups.Length; g++)
        {
            var foot = Top + ((g + 1) * RowHeight) - 12;
            svg.Text(Left - 10, foot - 16, groups[g].Name, "end", "group");
            svg.Text(Left - 10, foot - 1, $"{groups[g].Scores.Count} clips", "end");
            svg.Line(Left, foot, Left + Plot, foot, "foot");
            var counts = new int[Bins];
            foreach (var score in groups[g].Scores) counts[Math.Min(Bins - 1, (int)(axis.Place(score.Score) * Bins))]++;
            var highest = Math.Max(1, counts.Max());
            for (var b = 0; b < Bins; b++)
            {
                var height = (RowHeight - 20) * counts[b] / highest;
                if (height > 0) svg.Rectangle(Left + (b * Plot / Bins) + 1, foot - height, (Plot / Bins) - 2, height, $"bar {groups[g].Style}", 1.5);
            }

            foreach (var score in groups[g].Scores) svg.Line(X(score.Score), foot + 2, X(score.Score), foot + 8, $"tick {groups[g].Style}");
        }

        svg.Text(Left + (Plot / 2), bottom + 36, "anomaly score of a clip", "middle", "axis");
        return svg.ToString();
    }
}
