namespace MimiiGen.Hub;

/// <summary>Published models: fetched from a hub, kept in a cache, checked against the hashes that the hub announced.</summary>
/// <param name="settings">The hub and the cache.</param>
/// <param name="log">Told of waits and of what else a user should know.</param>
public sealed class ModelHub(HubSettings settings, Action<string>? log = null)
{
    /// <summary>The cache.</summary>
    public HubCache Cache { get; } = new(settings.CacheFolder);

    internal TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Fetches what a model needs: weights (safetensors where the model has them, else pickles), configs, tokenizer. What is in the cache already
    /// isn't fetched again, and a file that an earlier call fetched in part is gone on with.
    /// </summary>
    /// <param name="model">OWNER/NAME.</param>
    /// <param name="revision">Branch, tag or commit.</param>
    /// <param name="files">Files by name, for a model whose files the choice above doesn't fit; null or empty for that choice.</param>
    /// <param name="progress">Told how many bytes are there.</param>
    /// <param name="stop">Stops; what is there stays.</param>
    /// <exception cref="BadInputException">The hub doesn't have it or doesn't give it, the content is wrong, the disk is full, or it is not in the cache while offline.</exception>
    public async Task<PulledModel> PullAsync(
        string model, string revision = "main", IReadOnlyList<string>? files = null, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        HubRepository.CheckName(model);
        if (settings.Offline)
            return Cache.Snapshot(model, revision) is { } kept
                ? new PulledModel(model, Path.GetFileName(kept), kept, [.. HubCache.Files(kept).Select(f => f.Name)], 0)
                : throw new BadInputException($"{model}: not in {Cache.Folder}, and offline; fetch it once without --offline and HF_HUB_OFFLINE");
        using var client = new HubClient(settings, log) { FirstPause = FirstPause };
        var repository = await client.DescribeAsync(model, revision, stop);
        var chosen = ModelFiles.Choose(repository, files ?? []);
        var fetched = await FetchAsync(client, repository, chosen, progress, stop);
        foreach (var file in chosen) Cache.Link(repository, file);
        Cache.Remember(repository, revision);
        return new PulledModel(model, repository.Commit, Cache.SnapshotOf(repository), [.. chosen.Select(f => f.Name)], fetched);
    }

    private async Task<long> FetchAsync(HubClient client, HubRepository repository, IReadOnlyList<HubFile> chosen, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        var missing = chosen.Where(f => !IsThere(f)).DistinctBy(f => f.Hash).ToArray();
        var total = missing.Sum(f => f.Size);
        CheckSpace(repository, total - missing.Sum(f => PartOf(f)));
        long done = 0;
        foreach (var file in missing)
        {
            await new HubDownload(client, repository, file, Cache.Blob(repository.Name, file)).RunAsync(there => progress?.Report(Progress(done + there, file)), stop);
            done += file.Size;
        }

        if (total > 0) progress?.Report(Progress(total, missing[^1]));
        return total;

        bool IsThere(HubFile file) => new FileInfo(Cache.Blob(repository.Name, file)) is { Exists: true } blob && blob.Length == file.Size;

        long PartOf(HubFile file) => new FileInfo(Cache.Blob(repository.Name, file) + ".incomplete") is { Exists: true } part ? Math.Min(part.Length, file.Size) : 0;

        WorkProgress Progress(long bytes, HubFile file) => new($"fetching {repository.Name}", bytes, total, file.Name);
    }

    private void CheckSpace(HubRepository repository, long needed)
    {
        Directory.CreateDirectory(Cache.Folder);
        var free = new DriveInfo(Cache.Folder).AvailableFreeSpace;
        if (needed > free)
            throw new BadInputException($"{repository.Name}: needs {needed / 1e6:0} MB more in {Cache.Folder}, where {free / 1e6:0} MB are free; free some, or name another disk by HF_HUB_CACHE");
    }
}
