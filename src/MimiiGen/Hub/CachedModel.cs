namespace MimiiGen.Hub;

/// <summary>What the cache holds of a model in one state, and what is wrong with it.</summary>
/// <param name="Name">OWNER/NAME, or the name of a release.</param>
/// <param name="Commit">The state; of a release the SHA-256.</param>
/// <param name="Folder">Where its files lie.</param>
/// <param name="Files">Their number.</param>
/// <param name="Bytes">Their size in all.</param>
/// <param name="Problems">One line each, empty where all is well.</param>
public sealed record CachedModel(string Name, string Commit, string Folder, int Files, long Bytes, IReadOnlyList<string> Problems)
{
    /// <summary>All models of a cache.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="verify">Whether every byte is read and held against the hash by which the cache names it; else only what isn't there is seen.</param>
    /// <param name="only">The one model to look at; null for all.</param>
    /// <param name="progress">One report a file.</param>
    /// <param name="stop">Stops.</param>
    /// <exception cref="BadInputException">The one model isn't there.</exception>
    public static IReadOnlyList<CachedModel> Read(HubCache cache, bool verify, string? only = null, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        var name = only is null ? null : HubRepository.CheckName(KnownModel.Of(only).Name);
        CachedModel[] models =
        [
            .. cache.Models().Where(m => name is null || m == name).SelectMany(m => cache.Snapshots(m).Select(s => Read(m, s, verify, progress, stop))),
            .. KnownModel.All.Where(m => m.Release is not null && (name is null || m.Name == name) && cache.Fetched(m.Name) is not null)
                .Select(m => Read(m.Name, m.Release!.Content, cache, verify, progress)),
        ];
        return only is null || models.Length > 0 ? models : throw new BadInputException($"{only}: not in {cache.Folder}; fetch it with: mimiigen models pull {only}");
    }

    private static CachedModel Read(string name, string snapshot, bool verify, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        var files = HubCache.Files(snapshot).ToArray();
        var problems = new List<string>();
        var bytes = 0L;
        for (var i = 0; i < files.Length; i++)
        {
            stop.ThrowIfCancellationRequested();
            var (file, content) = files[i];
            if (!File.Exists(content))
            {
                problems.Add($"{file}: its content is gone; fetch the model again");
                continue;
            }

            bytes += new FileInfo(content).Length;
            var hash = Path.GetFileName(content);
            if (!verify) continue;
            if (hash.Length is not (40 or 64) || !hash.All(char.IsAsciiHexDigitLower)) problems.Add($"{file}: not kept under a hash, so it can't be checked");
            else if (HubFile.HashOf(content, hash.Length) != hash) problems.Add($"{file}: damaged (another hash than {hash[..12]}…); delete {content} and fetch the model again");
            progress?.Report(new WorkProgress($"verifying {name}", i + 1, files.Length, file));
        }

        return new CachedModel(name, Path.GetFileName(snapshot), snapshot, files.Length, bytes, problems);
    }

    private static CachedModel Read(string name, HubFile file, HubCache cache, bool verify, IProgress<WorkProgress>? progress)
    {
        var path = cache.Fetched(name)!;
        var bytes = new FileInfo(path).Length;
        var isWhole = bytes == file.Size && (!verify || file.IsContentOf(path));
        if (verify) progress?.Report(new WorkProgress($"verifying {name}", 1, 1, file.Name));
        return new CachedModel(name, file.Hash, cache.ReleaseFolder, 1, bytes, isWhole ? [] : [$"{file.Name}: damaged (not the published content); delete {path} and fetch the model again"]);
    }
}
