namespace MimiiGen.Evaluation.Scoring;

/// <summary>How generated clips are scored against real ones.</summary>
public sealed record ScoreOptions
{
    /// <summary>Times that the clips are drawn anew for an interval.</summary>
    public int Resamples { get; init; } = 200;

    /// <summary>Where the draws start from: the same seed gives the same intervals.</summary>
    public int Seed { get; init; }

    /// <summary>Whether clips that are digital silence are scored like any others; they are refused otherwise.</summary>
    public bool AllowSilent { get; init; }

    /// <summary>The channel of the clips that is looked at, counted from 0.</summary>
    public int Channel { get; init; }

    /// <summary>Folder of <see cref="ClipCache"/>.</summary>
    public string CacheFolder { get; init; } = ClipCache.DefaultFolder;

    /// <summary>Which generated clip was made for which real one: a CSV file with columns real and generated, or <see cref="ClipPairs.ByName"/>; null for no pairs.</summary>
    public string? Pairs { get; init; }

    /// <summary>The captions that generated clips were made for: a CSV file with columns file_name and caption; null for none. Needs an embedding of captions too.</summary>
    public string? Captions { get; init; }
}
