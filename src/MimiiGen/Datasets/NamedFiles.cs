using System.Text.RegularExpressions;

namespace MimiiGen.Datasets;

/// <summary>The common part of layouts in which a file's full path says what it is.</summary>
internal static class NamedFiles
{
    /// <param name="root">Full path of the folder.</param>
    /// <param name="waves">Names of the WAV files below it.</param>
    /// <param name="place">Matches the full path, with <c>/</c>, of a file of the layout.</param>
    /// <param name="form">The layout's form of a path, for people.</param>
    /// <param name="leftOut">Takes the files that don't match.</param>
    /// <param name="file">Makes a file of its name and match.</param>
    /// <returns>Null where no file matches.</returns>
    public static IReadOnlyList<LayoutFile>? Place(
        string root, IReadOnlyList<string> waves, Regex place, string form, ICollection<LeftOutFile> leftOut, Func<string, Match, LayoutFile> file)
    {
        var files = new List<LayoutFile>();
        var strangers = new List<LeftOutFile>();
        foreach (var wave in waves)
        {
            var match = place.Match(Path.Combine(root, wave).Replace('\\', '/'));
            if (match.Success) files.Add(file(wave, match));
            else strangers.Add(new LeftOutFile(wave, $"is not at a place of the layout: {form}"));
        }

        if (files.Count == 0) return null;
        foreach (var stranger in strangers) leftOut.Add(stranger);
        return files;
    }
}
