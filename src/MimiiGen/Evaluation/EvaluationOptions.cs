using MimiiGen.Generation;

namespace MimiiGen.Evaluation;

/// <summary>How a simulated evaluation is run.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Where all chance starts from.</summary>
    public ulong Seed { get; init; }

    /// <summary>How clips are sampled.</summary>
    public SamplingSettings Sampling { get; init; } = new();

    /// <summary>Generated clips for each real test clip.</summary>
    public int ClipsPerTestClip { get; init; } = 1;

    /// <summary>Detectors trained from different seeds; a clip's score is the mean of theirs.</summary>
    public int DetectorSeeds { get; init; } = 5;

    /// <summary>Passes of a detector's training over its clips.</summary>
    public int Epochs { get; init; } = 100;

    /// <summary>The command line, for the record.</summary>
    public string Command { get; init; } = "";
}
