namespace MimiiGen.Experiments.Measuring;

/// <summary>A passing folder with links to some clips, for what compares folders.</summary>
internal sealed class LinkedClips : IDisposable
{
    /// <param name="paths">Of the clips.</param>
    public LinkedClips(IEnumerable<string> paths)
    {
        foreach (var path in paths) File.CreateSymbolicLink(Path.Combine(Folder, $"{Count++:000000}.wav"), Path.GetFullPath(path));
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("clips").FullName;

    public int Count { get; private set; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
