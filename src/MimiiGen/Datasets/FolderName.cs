namespace MimiiGen.Datasets;

/// <summary>Texts as part of a path.</summary>
internal static class FolderName
{
    /// <summary>The text with a hyphen for whatever can't stand in a path.</summary>
    public static string Of(string text) => string.Concat(text.Select(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' ? c : '-')) is var name && name.Trim('.').Length > 0 ? name : "-";
}
