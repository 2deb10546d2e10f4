namespace MimiiGen.Runtime;

/// <summary>Finds what ships with the program (<c>models/</c>, <c>samples/</c>), wherever it was started from.</summary>
public static class ShippedFiles
{
    /// <summary>
    /// The folder of that name in the working directory or one above it, else beside the program or above it; null when there is none.
    /// </summary>
    /// <param name="relative">A path with forward slashes, such as <c>models/default</c>.</param>
    public static string? FindFolder(string relative) =>
        Upwards(Environment.CurrentDirectory).Concat(Upwards(AppContext.BaseDirectory))
            .Select(folder => Path.Combine(folder, relative))
            .FirstOrDefault(Directory.Exists);

    /// <summary>Like <see cref="FindFolder"/>, for folders that the work can't go on without.</summary>
    /// <exception cref="BadInputException">There is no such folder.</exception>
    public static string Folder(string relative) =>
        FindFolder(relative) ?? throw new BadInputException(
            $"no folder {relative} in {Environment.CurrentDirectory}, beside the program or above either: start in the cloned repository, or name one");

    private static IEnumerable<string> Upwards(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent) yield return folder.FullName;
    }
}
