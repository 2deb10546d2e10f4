using System.Globalization;

namespace MimiiGen.Evaluation.Report;

/// <summary>Level of generated clips minus that of real ones in each octave band, one bar a class; the shaded strip is within 3 dB.</summary>
internal static class BandChart
{
    private const double Left = 52;
    private const double Plot = 1000;
    private const double Height = 200;
    private const double Top = 10;
    private const double Tolerance = 3;

    public static string Draw(MachineResult machine)
    {
        var bands = machine.BandErrorDb.Keys.Order().ToArray();
        var largest = machine.Classes.SelectMany(c => c.BandErrorDb.Values).Select(Math.Abs).Where(double.IsFinite).Append(5).Max();
        var axis = NiceAxis.Around(-largest, largest, 6);
        double Y(double db) => Top + ((1 - axis.Place(Math.Clamp(db, axis.Low, axis.High))) * Height);

        var svg = new Svg(Left + Plot + 10, Top + Height + 44, $"Octave band errors, {machine.Machine} {machine.Id}");
        svg.Rectangle(Left, Y(Tolerance), Plot, Y(-Tolerance) - Y(Tolerance), "region");
        foreach (var tick in axis.Ticks)
        {
            svg.Line(Left, Y(tick), Left + Plot, Y(tick), "grid");
            svg.Text(Left - 6, Y(tick) + 4, tick.ToString("+0.##;−0.##;0", CultureInfo.InvariantCulture), "end");
        }

        var room = Plot / Math.Max(1, bands.Length);
        var width = Math.Min(30, room * 0.7 / Math.Max(1, machine.Classes.Count));
        for (var b = 0; b < bands.Length; b++)
        {
            var centre = Left + ((b + 0.5) * room);
            svg.Text(centre, Top + Height + 16, bands[b] < 1000 ? $"{bands[b]}" : $"{bands[b] / 1000} k", "middle");
            for (var c = 0; c < machine.Classes.Count; c++)
            {
                if (!machine.Classes[c].BandErrorDb.TryGetValue(bands[b], out var error) || !double.IsFinite(error)) continue;
                var x = centre + ((c - (machine.Classes.Count / 2.0)) * width);
                svg.Rectangle(x + 1, Math.Min(Y(0), Y(error)), width - 2, Math.Abs(Y(error) - Y(0)), $"bar {machine.Classes[c].Name}", 1.5);
            }
        }

        svg.Line(Left, Y(0), Left + Plot, Y(0), "foot");
        svg.Text(Left + (Plot / 2), Top + Height + 36, "octave band, Hz", "middle", "axis");
        svg.Text(12, Top + (Height / 2), "generated − real, dB", "middle", "axis", turned: true);
        return svg.ToString();
    }
}
