namespace MimiiGen.Evaluation.Report;

/// <summary>Everything needed to run an evaluation again and to get the same numbers.</summary>
public sealed record EvaluationSettings
{
    /// <summary>The command line, ready to be typed.</summary>
    public required string Command { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>The data set, as it was named.</summary>
    public required string Data { get; init; }

    /// <summary>Leave-one-out: what the test asks of alone and the generator was trained without, <c>fault=clogging</c>; null where nothing was kept out.</summary>
    public string? KeptOut { get; init; }

    /// <summary>Name of the model folder.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of each weights file of the model, by file name.</summary>
    public required IReadOnlyDictionary<string, string> WeightsSha256 { get; init; }

    /// <summary>Where all chance started from.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Sampler of the diffusion: <c>ddim</c>.</summary>
    public required string Sampler { get; init; }

    /// <summary>Denoising steps a clip.</summary>
    public required int Steps { get; init; }

    /// <summary>Classifier-free guidance scale; 1 is none.</summary>
    public required double Guidance { get; init; }

    /// <summary>The detector and its training: "auto-encoder, 100 epochs, 3 seeds".</summary>
    public required string Detector { get; init; }

    /// <summary>The embedding model of the Fréchet audio distance: <c>mn04_as</c>.</summary>
    public string? Embedding { get; init; }

    /// <summary>SHA-256 of the embedding model's weights.</summary>
    public string? EmbeddingSha256 { get; init; }

    /// <summary>The resampler of the generation path, with its settings.</summary>
    public required string Resampler { get; init; }

    /// <summary>How the intervals were made: "95 %, 2000 bootstrap resamples within each class".</summary>
    public required string Intervals { get; init; }

    /// <summary>Version of libtorch.</summary>
    public required string Torch { get; init; }

    /// <summary>Where it was computed: <c>cpu</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Processor threads.</summary>
    public required int Threads { get; init; }
}
