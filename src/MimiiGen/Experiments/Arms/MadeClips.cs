namespace MimiiGen.Experiments.Arms;

/// <summary>Clips to judge, each beside the real one that it is for.</summary>
/// <param name="Real">The real clips.</param>
/// <param name="Folder">Where the others lie.</param>
/// <param name="Files">Their paths in it, in the order of the real ones.</param>
internal sealed record MadeClips(IReadOnlyList<TestClip> Real, string Folder, IReadOnlyList<string> Files)
{
    /// <summary>Captions they were made from; null where there were none.</summary>
    public IReadOnlyList<string>? Captions { get; init; }

    /// <summary>Seconds to make one; null where nothing was made.</summary>
    public double? SecondsPerClip { get; init; }

    /// <summary>Millions of parameters of the generator; null where there is none.</summary>
    public double? Parameters { get; init; }

    /// <summary>Gradient steps of its training; null where there was none.</summary>
    public int? TrainingSteps { get; init; }

    /// <summary>Of those clips that were trained on in this run; null for all that the data has.</summary>
    public int? TrainingClips { get; init; }

    /// <summary>Last validation loss of its training; null where there was none.</summary>
    public double? Validation { get; init; }

    /// <summary>How they were sampled; null where they weren't.</summary>
    public string? Sampling { get; init; }

    /// <summary>SHA-256 of the generator's weights by file; null where there is none.</summary>
    public IReadOnlyDictionary<string, string>? WeightsSha256 { get; init; }
}
