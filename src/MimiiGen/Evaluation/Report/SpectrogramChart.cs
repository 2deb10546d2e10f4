using System.Globalization;

namespace MimiiGen.Evaluation.Report;

/// <summary>A spectrogram with its axes.</summary>
internal static class SpectrogramChart
{
    private const double Left = 40;
    private const double Plot = 480;
    private const double Height = 200;
    private const double Top = 6;

    public static string Draw(Spectrogram spectrogram, double topDb, string title)
    {
        var svg = new Svg(Left + Plot + 10, Top + Height + 36, title);
        svg.Image(Left, Top, Plot, Height, spectrogram.Png(topDb));
        var kilohertz = spectrogram.HighestHertz / 1000.0;
        foreach (var tick in NiceAxis.Around(0, kilohertz, 4).Ticks.Where(t => t <= kilohertz))
        {
            var y = Top + ((1 - (tick / kilohertz)) * Height);
            svg.Line(Left - 4, y, Left, y, "foot");
            svg.Text(Left - 7, y + 4, tick.ToString("0.##", CultureInfo.InvariantCulture), "end");
        }

        foreach (var tick in NiceAxis.Around(0, spectrogram.Seconds, 5).Ticks.Where(t => t <= spectrogram.Seconds))
        {
            var x = Left + (tick / spectrogram.Seconds * Plot);
            svg.Line(x, Top + Height, x, Top + Height + 4, "foot");
            svg.Text(x, Top + Height + 17, tick.ToString("0.##", CultureInfo.InvariantCulture), "middle");
        }

        svg.Text(Left + (Plot / 2), Top + Height + 32, "seconds", "middle", "axis");
        svg.Text(11, Top + (Height / 2), "kHz", "middle", "axis", turned: true);
        return svg.ToString();
    }
}
