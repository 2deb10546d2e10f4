using System.Net;
using System.Text;

namespace MimiiGen.Evaluation.Report;

/// <summary>Pieces of HTML that the parts of the report have in common. Every text from outside is escaped on its way in.</summary>
internal sealed class Page
{
    private readonly StringBuilder html = new();

    /// <summary>Appends HTML; texts among the holes are escaped, drawings and numbers are not.</summary>
    public void Add(FormattableString piece)
    {
        var holes = piece.GetArguments().Select(a => a is string text ? WebUtility.HtmlEncode(text) : a).ToArray();
        html.AppendFormat(System.Globalization.CultureInfo.InvariantCulture, piece.Format, holes).Append('\n');
    }

    public override string ToString() => html.ToString();

    /// <summary>A judgement as a word with a shape, and the class that gives it its colour.</summary>
    public static (string Style, string Mark, string Word) Words(Judgement judgement) => judgement switch
    {
        Judgement.Good => ("good", "✓", "right"),
        Judgement.Doubtful => ("doubtful", "≈", "doubtful"),
        _ => ("bad", "✕", "wrong"),
    };
}
