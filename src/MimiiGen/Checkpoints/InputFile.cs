namespace MimiiGen.Checkpoints;

/// <summary>Opens a user's file for reading.</summary>
internal static class InputFile
{
    /// <param name="path">Of the file.</param>
    /// <param name="kind">What it is called where it is absent.</param>
    /// <exception cref="BadInputException">There is no such file, or it may not be read.</exception>
    public static FileStream Open(string path, string kind = "file")
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException($"{path}: no such {kind}", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new BadInputException($"{path} can't be opened: it is a folder, or you lack the right to read it", e);
        }
    }
}
