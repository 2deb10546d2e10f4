namespace MimiiGen.Hub;

/// <summary>
/// Where published models come from and where they are kept: a hub that speaks the Hugging Face HTTP API, and a cache in the layout of its
/// own programs, so that what they have fetched is found here, and the other way round.
/// </summary>
public sealed class HubSettings
{
    private readonly Func<string, string?> environment;

    /// <summary>
    /// Settings by the environment: HF_ENDPOINT (the hub), HF_TOKEN (a login; only ever sent to that hub), HF_HUB_OFFLINE (1: use the cache alone),
    /// HF_HUB_CACHE, else HF_HOME/hub, else XDG_CACHE_HOME/huggingface/hub, else ~/.cache/huggingface/hub (the cache); for what lies on no hub
    /// MIMIIGEN_MIRROR (where to ask for it instead) and torch.hub's cache: TORCH_HOME, else XDG_CACHE_HOME/torch, else ~/.cache/torch, and in it hub/checkpoints.
    /// </summary>
    /// <param name="endpoint">The hub's base URL; as the environment says where it is null.</param>
    /// <param name="offline">Whether to use the cache alone; as the environment says where it is null.</param>
    /// <param name="mirror">Base URL under which files of releases are asked for, in place of their own hosts; as the environment says where it is null.</param>
    /// <param name="environment">Gives a variable of the environment; that of this process where it is null.</param>
    /// <exception cref="BadInputException">A base URL is none.</exception>
    public HubSettings(string? endpoint = null, bool? offline = null, string? mirror = null, Func<string, string?>? environment = null)
    {
        this.environment = environment ?? Environment.GetEnvironmentVariable;
        Endpoint = Address(endpoint ?? Value("HF_ENDPOINT") ?? "https://huggingface.co", "a hub", "https://huggingface.co");
        Mirror = (mirror ?? Value("MIMIIGEN_MIRROR")) is { } host ? Address(host, "a mirror", "https://mirror.example.org") : null;
        Offline = offline ?? Value("HF_HUB_OFFLINE")?.ToUpperInvariant() is "1" or "TRUE" or "YES" or "ON";
        CacheFolder = Path.GetFullPath(Value("HF_HUB_CACHE") ?? Path.Combine(Value("HF_HOME") ?? Path.Combine(CacheHome, "huggingface"), "hub"));
        ReleaseFolder = Path.GetFullPath(Path.Combine(Value("TORCH_HOME") ?? Path.Combine(CacheHome, "torch"), "hub", "checkpoints"));
        Token = Value("HF_TOKEN");
    }

    /// <summary>Base URL of the hub, with a slash at its end.</summary>
    public Uri Endpoint { get; }

    /// <summary>Base URL of what stands in for the hosts of releases, with a slash at its end; null where they are asked themselves.</summary>
    public Uri? Mirror { get; }

    /// <summary>Whether nothing may be fetched.</summary>
    public bool Offline { get; }

    /// <summary>The cache of what comes from the hub.</summary>
    public string CacheFolder { get; }

    /// <summary>The cache of what comes from elsewhere, torch.hub's own.</summary>
    public string ReleaseFolder { get; }

    /// <summary>Both caches.</summary>
    public HubCache Cache => new(CacheFolder, ReleaseFolder);

    /// <summary>The login; null for none. Never written anywhere.</summary>
    internal string? Token { get; }

    private string CacheHome => Value("XDG_CACHE_HOME") ?? Path.Combine(Value("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");

    private static Uri Address(string text, string what, string example) =>
        Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new BadInputException($"{text}: no address of {what}; give one such as {example}");

    private string? Value(string name) => environment(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
}
