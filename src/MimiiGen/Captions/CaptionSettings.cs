namespace MimiiGen.Captions;

/// <summary>Who or what writes captions.</summary>
public enum CaptionStyle
{
    /// <summary>The template: one sentence in the wording of the published pairs.</summary>
    Template,

    /// <summary>A language model, checked, with the template behind it.</summary>
    Flan,

    /// <summary>No sentence: the metadata as a list.</summary>
    Metadata,
}

/// <summary>How the captions of a dataset are written.</summary>
public sealed record CaptionSettings
{
    /// <summary>Who writes.</summary>
    public CaptionStyle Style { get; init; }

    /// <summary>How much is told.</summary>
    public CaptionDetail Detail { get; init; }

    /// <summary>Part of the values that are made wrong, 0 to 1.</summary>
    public double Noise { get; init; }

    /// <summary>Captions of each clip, at least 1; more than one only of a language model.</summary>
    public int Variants { get; init; } = 1;

    /// <summary>Seed of mistakes and of the model's draws.</summary>
    public ulong Seed { get; init; }
}
