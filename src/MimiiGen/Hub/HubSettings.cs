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
    /// HF_HUB_CACHE, else HF_HOME/hub, else XDG_CACHE_HOME/huggingface/hub, else ~/.cache/huggingface/hub (the cache).
    /// </summary>
    /// <param name="endpoint">The hub's base URL; as the environment says where it is null.</param>
    /// <param name="offline">Whether to use the cache alone; as the environment says where it is null.</param>
    /// <param name="environment">Gives a variable of the environment; that of this process where it is null.</param>
    /// <exception cref="BadInputException">The base URL is none.</exception>
    public HubSettings(string? endpoint = null, bool? offline = null, Func<string, string?>? environment = null)
    {
        this.environment = environment ?? Environment.GetEnvironmentVariable;
        var address = endpoint ?? Value("HF_ENDPOINT") ?? "https://huggingface.co";
        if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new BadInputException($"{address}: no address of a hub; give one such as https://huggingface.co");
        Endpoint = uri;
        Offline = offline ?? Value("HF_HUB_OFFLINE")?.ToUpperInvariant() is "1" or "TRUE" or "YES" or "ON";
        CacheFolder = Path.GetFullPath(Value("HF_HUB_CACHE") ?? Path.Combine(Value("HF_HOME") ?? Path.Combine(CacheHome, "huggingface"), "hub"));
        Token = Value("HF_TOKEN");
    }

    /// <summary>Base URL of the hub, with a slash at its end.</summary>
    public Uri Endpoint { get; }

    /// <summary>Whether nothing may be fetched.</summary>
    public bool Offline { get; }

    /// <summary>The cache.</summary>
    public string CacheFolder { get; }

    /// <summary>The login; null for none. Never written anywhere.</summary>
    internal string? Token { get; }

    private string CacheHome => Value("XDG_CACHE_HOME") ?? Path.Combine(Value("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");

    private string? Value(string name) => environment(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
}
