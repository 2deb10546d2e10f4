namespace MimiiGen.Codec.Files;

/// <summary>Opens an encoded file for reading.</summary>
internal static class InputFile
{
    /// <exception cref="BadInputException">There is no such file, or it may not be read.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException($"{path}: no such file", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new BadInputException($"{path} can't be opened: it is a folder, or you lack the right to read it", e);
        }
    }
}
