using System.Text;

namespace MimiiGen.Text;

/// <summary>
/// GPT-2's cut of a text into words, the pattern <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c> by code
/// points (a .NET pattern would see halves of those beyond 16 bits).
/// </summary>
internal static class ByteLevelWords
{
    private static readonly string[] Endings = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private enum Kind
    {
        Space,
        Letter,
        Number,
        Other,
    }

    public static IEnumerable<string> Of(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = Next(text.AsSpan(at));
            yield return text.Substring(at, length);
            at += length;
        }
    }

    private static int Next(ReadOnlySpan<char> text)
    {
        foreach (var ending in Endings)
            if (text.StartsWith(ending, StringComparison.Ordinal)) return ending.Length;
        var skip = text[0] == ' ' && text.Length > 1 && KindAt(text[1..], out _) != Kind.Space ? 1 : 0;
        var kind = KindAt(text[skip..], out _);
        var end = skip;
        while (end < text.Length && KindAt(text[end..], out var width) == kind) end += width;
        return kind == Kind.Space && end < text.Length && end > 1 ? end - 1 : end; // the last space of several belongs to what follows
    }

    private static Kind KindAt(ReadOnlySpan<char> text, out int width)
    {
        Rune.DecodeFromUtf16(text, out var rune, out width);
        return Rune.IsWhiteSpace(rune) ? Kind.Space : Rune.IsLetter(rune) ? Kind.Letter : Rune.IsNumber(rune) ? Kind.Number : Kind.Other;
    }
}
