using MimiiGen.Detection;
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

    /// <summary>The detectors compared; controls, checks and verdict rest on the first.</summary>
    public IReadOnlyList<DetectorKind> Detectors { get; init; } = [.. new[] { "autoencoder", "mahalanobis", "mimii2019", "knn", "lof", "gmm" }.Select(DetectorKind.Parse)];

    /// <summary>Embeddings by name, for detectors that take one; null for none.</summary>
    public Func<string, ClipVectors?>? Embeddings { get; init; }

    /// <summary>How long a user's program may take for a machine; null for <see cref="DetectorKind.DefaultTimeout"/>.</summary>
    public TimeSpan? DetectorTimeout { get; init; }

    /// <summary>Trainings of an auto-encoder from different seeds; a clip's score is the mean of theirs.</summary>
    public int DetectorSeeds { get; init; } = 5;

    /// <summary>Passes of a detector's training over its clips.</summary>
    public int Epochs { get; init; } = 100;

    /// <summary>Leave-one-out: what the test asks of alone and the generator was trained without, for the record; null where nothing was kept out.</summary>
    public string? KeptOut { get; init; }

    /// <summary>The command line, for the record.</summary>
    public string Command { get; init; } = "";

    /// <summary>The first detector in words, then the others' names, for the record.</summary>
    internal string Describe()
    {
        var first = Detectors[0].IsSeeded ? $"{Detectors[0].Text}, {Epochs} epochs, mean score of {DetectorSeeds} seeds" : Detectors[0].Text;
        return Detectors.Count == 1 ? first : $"{first}; compared with {string.Join(", ", Detectors.Skip(1).Select(d => d.Text))}";
    }
}
