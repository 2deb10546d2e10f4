using System.Globalization;
using System.Net;
using System.Text;

namespace MimiiGen.Evaluation.Report;

/// <summary>
/// A small drawing in SVG. Colours come from the page's style by class names, so that one drawing serves light, dark and print.
/// Coordinates are in CSS pixels, y downwards.
/// </summary>
internal sealed class Svg
{
    private readonly StringBuilder text = new();

    public Svg(double width, double height, string title)
    {
        Append($"<svg class=\"chart\" viewBox=\"0 0 {width:0.##} {height:0.##}\" style=\"max-width:{width:0.##}px\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">");
        text.Append("<title>").Append(WebUtility.HtmlEncode(title)).Append("</title>");
    }

    public void Line(double x1, double y1, double x2, double y2, string style) =>
        Append($"<line x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\" class=\"{style}\"/>");

    public void Rectangle(double x, double y, double width, double height, string style, double corner = 0) =>
        Append($"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" rx=\"{corner:0.##}\" class=\"{style}\"/>");

    public void Circle(double x, double y, double radius, string style) =>
        Append($"<circle cx=\"{x:0.##}\" cy=\"{y:0.##}\" r=\"{radius:0.##}\" class=\"{style}\"/>");

    public void Polyline(IEnumerable<(double X, double Y)> points, string style) =>
        Append($"<polyline points=\"{string.Join(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.##},{p.Y:0.##}")))}\" class=\"{style}\"/>");

    public void Image(double x, double y, double width, double height, byte[] png) =>
        Append($"<image x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" preserveAspectRatio=\"none\" href=\"data:image/png;base64,{Convert.ToBase64String(png)}\"/>");

    /// <param name="x">Where the anchor is.</param>
    /// <param name="y">The base line.</param>
    /// <param name="words">Escaped here.</param>
    /// <param name="anchor">start, middle or end.</param>
    /// <param name="style">Class of the text.</param>
    /// <param name="turned">Whether it reads upwards.</param>
    public void Text(double x, double y, string words, string anchor = "start", string style = "label", bool turned = false)
    {
        var turn = turned ? string.Create(CultureInfo.InvariantCulture, $" transform=\"rotate(-90 {x:0.##} {y:0.##})\"") : "";
        Append($"<text x=\"{x:0.##}\" y=\"{y:0.##}\" text-anchor=\"{anchor}\" class=\"{style}\"{turn}>{WebUtility.HtmlEncode(words)}</text>");
    }

    public override string ToString() => text + "</svg>";

    private void Append(FormattableString element) => text.Append(FormattableString.Invariant(element));
}
