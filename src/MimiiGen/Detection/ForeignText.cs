namespace MimiiGen.Detection;

/// <summary>What another program wrote, fit to stand in a one-line message: its bytes may be anything.</summary>
internal static class ForeignText
{
    /// <summary>The text with '?' for each control or unreadable character, cut where it is longer.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="longest">Characters kept.</param>
    public static string OneLine(string text, int longest)
    {
        var shown = string.Concat(text.Take(longest).Select(c => char.IsControl(c) || char.IsSurrogate(c) || c is '\uFFFD' or '\u2028' or '\u2029' ? '?' : c));
        return text.Length <= longest ? shown : shown + "...";
    }
}
