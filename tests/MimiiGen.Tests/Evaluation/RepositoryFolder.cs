namespace MimiiGen.Tests.Evaluation;

/// <summary>Folders that ship with the repository, found from the tests' own place.</summary>
internal static class RepositoryFolder
{
    public static string Of(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "MimiiGen.slnx")))
                return Path.Combine(folder.FullName, relative);
        throw new DirectoryNotFoundException($"no repository around {AppContext.BaseDirectory}");
    }
}
