using System.Globalization;
using System.Text.RegularExpressions;

namespace MimiiGen.Text;

/// <summary>
/// The words that T5 tokenizers read as one token each when they stand in a text: <c>&lt;pad&gt;</c>, <c>&lt;/s&gt;</c>, <c>&lt;unk&gt;</c>
/// and the sentinels <c>&lt;extra_id_N&gt;</c>. What lies between them is ordinary text.
/// </summary>
internal sealed partial class SpecialTokens(int sentinels, Func<int, long> sentinelId)
{
    public const long Pad = 0;
    public const long Eos = 1;
    public const long Unknown = 2;

    /// <summary>The parts of a text in order: ordinary text with a null id, or a special token with its id.</summary>
    public IEnumerable<(string Text, long? Id)> Split(string text)
    {
        var start = 0;
        foreach (Match match in Pattern().Matches(text))
        {
            if (IdOf(match) is not { } id) continue;
            if (match.Index > start) yield return (text[start..match.Index], null);
            yield return (match.Value, id);
            start = match.Index + match.Length;
        }

        if (start < text.Length) yield return (text[start..], null);
    }

    private long? IdOf(Match match)
    {
        if (!match.Groups[1].Success) return match.Value switch { "<pad>" => Pad, "</s>" => Eos, _ => Unknown };
        var number = match.Groups[1].Value;
        return number.Length <= 3 && int.Parse(number, CultureInfo.InvariantCulture) is var n && n < sentinels ? sentinelId(n) : null;
    }

    [GeneratedRegex("<pad>|</s>|<unk>|<extra_id_(0|[1-9][0-9]*)>", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
