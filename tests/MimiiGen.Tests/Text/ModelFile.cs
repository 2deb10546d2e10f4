namespace MimiiGen.Tests.Text;

/// <summary>Files under models/ at the root of the repository.</summary>
internal static class ModelFile
{
    public static string SentencePiece { get; } = Find(Path.Combine("models", "t5", "spiece.model"));

    private static string Find(string relative)
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (Path.Combine(folder, relative) is var path && File.Exists(path))
                return path;
        throw new FileNotFoundException(relative);
    }
}
