namespace MimiiGen.Hub;

/// <summary>Published models: fetched from a hub, kept in a cache, checked against the hashes that the hub announced.</summary>
/// <param name="settings">The hub and the cache.</param>
/// <param name="log">Told of waits and of what else a user should know.</param>
public sealed class ModelHub(HubSettings settings, Action<string>? log = null)
{
    /// <summary>The cache.</summary>
    public HubCache Cache { get; } = settings.Cache;

    internal TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Fetches what a model needs: weights (safetensors where the model has them, else pickles), configs, tokenizer; or the file that a release is. What is
    /// in the cache already isn't fetched again, and a file that an earlier call fetched in part is gone on with.
    /// </summary>
    /// <param name="model">OWNER/NAME, or a name of <see cref="KnownModel"/>.</param>
    /// <param name="revision">Branch, tag or commit.</param>
    /// <param name="files">Files by name, for a model whose files the choice above doesn't fit; null or empty for that choice.</param>
    /// <param name="progress">Told how many bytes are there.</param>
    /// <param name="stop">Stops; what is there stays.</param>
    /// <exception cref="BadInputException">The hub doesn't have it or doesn't give it, the content is wrong, the disk is full, or it is not in the cache while offline.</exception>
    public async Task<PulledModel> PullAsync(
        string model, string revision = "main", IReadOnlyList<string>? files = null, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        var known = KnownModel.Of(model);
        if (known.Release is { } release)
            return revision == "main" && files is null or []
                ? await PullAsync(model, release, progress, stop)
                : throw new BadInputException($"{model}: a release of one file; leave --revision and --file out");
        var name = HubRepository.CheckName(known.Name);
        if (settings.Offline)
            return Cache.Snapshot(name, revision) is { } kept
                ? new PulledModel(name, Path.GetFileName(kept), kept, [.. HubCache.Files(kept).Select(f => f.Name)], 0)
                : throw NotThere(name, Cache.Folder);
        using var client = new HubClient(settings, log) { FirstPause = FirstPause };
        var repository = await client.DescribeAsync(name, revision, stop);
        var chosen = ModelFiles.Choose(repository, files ?? []);
        HubDownload[] downloads = [.. chosen.Select(f => new HubDownload(client, name, f, client.AddressOf(repository, f), Cache.Blob(name, f)))];
        var fetched = await FetchAsync(name, downloads, Cache.Folder, "HF_HUB_CACHE", progress, stop);
        foreach (var file in chosen) Cache.Link(repository, file);
        Cache.Remember(repository, revision);
        return new PulledModel(name, repository.Commit, Cache.SnapshotOf(repository), [.. chosen.Select(f => f.Name)], fetched);
    }

    /// <summary>Fetches a file that lies on no hub.</summary>
    internal async Task<PulledModel> PullAsync(string model, ReleaseFile release, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        using var client = new HubClient(settings, log) { FirstPause = FirstPause };
        var download = new HubDownload(client, model, release.Content, client.AddressOf(release), Cache.PathOf(release));
        if (settings.Offline && !download.IsThere) throw NotThere(model, Cache.ReleaseFolder);
        var fetched = await FetchAsync(model, [download], Cache.ReleaseFolder, "TORCH_HOME", progress, stop);
        return new PulledModel(model, release.Content.Hash, Cache.ReleaseFolder, [release.Content.Name], fetched);
    }

    private static BadInputException NotThere(string model, string folder) => new($"{model}: not in {folder}, and offline; fetch it once without --offline and HF_HUB_OFFLINE");

    private static async Task<long> FetchAsync(
        string model, HubDownload[] downloads, string folder, string variable, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        var missing = downloads.Where(d => !d.IsThere).DistinctBy(d => d.Target).ToArray();
        if (missing.Length == 0) return 0;
        var total = missing.Sum(d => d.File.Size);
        CheckSpace(model, total - missing.Sum(d => d.Part), folder, variable);
        long done = 0;
        foreach (var download in missing)
        {
            await download.RunAsync(there => progress?.Report(Progress(done + there, download)), stop);
            done += download.File.Size;
        }

        progress?.Report(Progress(total, missing[^1]));
        return total;

        WorkProgress Progress(long bytes, HubDownload download) => new($"fetching {model}", bytes, total, download.File.Name);
    }

    private static void CheckSpace(string model, long needed, string folder, string variable)
    {
        Directory.CreateDirectory(folder);
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (needed > free)
            throw new BadInputException($"{model}: needs {needed / 1e6:0} MB more in {folder}, where {free / 1e6:0} MB are free; free some, or name another disk by {variable}");
    }
}
