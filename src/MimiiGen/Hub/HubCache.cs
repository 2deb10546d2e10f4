namespace MimiiGen.Hub;

/// <summary>
/// Models on this disk, in the layout that Hugging Face's programs share: <c>models--OWNER--NAME/</c> with <c>blobs/HASH</c> (the contents),
/// <c>snapshots/COMMIT/FILE</c> (links to them) and <c>refs/REVISION</c> (the commit of a branch or tag). What lies on no hub is kept
/// as torch.hub does it, as files in one folder.
/// </summary>
/// <param name="folder">The cache; need not exist.</param>
/// <param name="releaseFolder">That of files of releases; need not exist; the same folder where it is null.</param>
public sealed class HubCache(string folder, string? releaseFolder = null)
{
    private const string Prefix = "models--";

    /// <summary>The cache's folder.</summary>
    public string Folder => folder;

    /// <summary>The folder of what lies on no hub.</summary>
    public string ReleaseFolder => releaseFolder ?? folder;

    /// <summary>Names of the hub's models that are there.</summary>
    public IReadOnlyList<string> Models() => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateDirectories(folder, Prefix + "*")
            .Select(path => Path.GetFileName(path)[Prefix.Length..].Replace("--", "/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The folder of a model in the state that a branch, tag or commit means; null where it was never fetched.</summary>
    /// <exception cref="BadInputException">The name or revision is none.</exception>
    public string? Snapshot(string model, string revision = "main")
    {
        var home = Home(HubRepository.CheckName(model));
        var reference = Path.Combine(home, "refs", HubRepository.CheckRevision(revision));
        var commit = File.Exists(reference) ? File.ReadAllText(reference).Trim() : revision;
        var snapshot = Path.Combine(home, "snapshots", commit);
        return commit.Length > 0 && Directory.Exists(snapshot) ? snapshot : null;
    }

    /// <summary>The folder that a user means: an existing one, or a model's name in the cache.</summary>
    /// <param name="folderOrName">A path, OWNER/NAME, or a name of <see cref="KnownModel"/>.</param>
    /// <exception cref="BadInputException">It is neither.</exception>
    public string Resolve(string folderOrName) => Directory.Exists(folderOrName)
        ? Path.GetFullPath(folderOrName)
        : Fetched(folderOrName) ?? throw new BadInputException($"{folderOrName}: no such folder, and no such model in {folder}; fetch it with: mimiigen models pull {folderOrName}");

    /// <summary>Where a model lies, its folder or the one file that it is; null where it was never fetched or its name is none.</summary>
    public string? Fetched(string name) => KnownModel.Of(name) switch
    {
        { Release: { } release } => PathOf(release) is var path && File.Exists(path) ? path : null,
        { Name: var model } => HubRepository.IsName(model) ? Snapshot(model) : null,
    };

    /// <summary>Where a file of a release lies, or is to lie.</summary>
    internal string PathOf(ReleaseFile release) => Path.Combine(ReleaseFolder, release.Content.Name);

    /// <summary>The files of a snapshot: path in the repository, and where its content lies.</summary>
    public static IEnumerable<(string Name, string Content)> Files(string snapshot) =>
        Directory.EnumerateFileSystemEntries(snapshot, "*", SearchOption.AllDirectories)
            .Where(path => !Directory.Exists(path))
            .Order(StringComparer.Ordinal)
            .Select(path => (Path.GetRelativePath(snapshot, path), File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path));

    /// <summary>All snapshots of a model.</summary>
    internal IEnumerable<string> Snapshots(string model) =>
        Path.Combine(Home(model), "snapshots") is var path && Directory.Exists(path) ? Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal) : [];

    /// <summary>Where a file's content lies, or is to lie.</summary>
    internal string Blob(string model, HubFile file) => Path.Combine(Home(model), "blobs", file.Hash);

    /// <summary>Puts a file whose content is there into the snapshot of a commit.</summary>
    internal void Link(HubRepository repository, HubFile file)
    {
        var blob = Blob(repository.Name, file);
        var link = Path.Combine(SnapshotOf(repository), file.Name);
        if (File.Exists(link) && File.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName == blob) return;
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        var aside = $"{link}.{Guid.NewGuid():N}.partial";
        try
        {
            File.CreateSymbolicLink(aside, Path.GetRelativePath(Path.GetDirectoryName(link)!, blob));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Copy(blob, aside); // a disk without links
        }

        File.Move(aside, link, overwrite: true);
    }

    /// <summary>Says which commit a branch or tag means.</summary>
    internal void Remember(HubRepository repository, string revision)
    {
        if (revision != repository.Commit) Checkpoints.AtomicFile.WriteText(Path.Combine(Home(repository.Name), "refs", revision), repository.Commit);
    }

    internal string SnapshotOf(HubRepository repository) => Path.Combine(Home(repository.Name), "snapshots", repository.Commit);

    private string Home(string model) => Path.Combine(folder, Prefix + model.Replace("/", "--", StringComparison.Ordinal));
}
