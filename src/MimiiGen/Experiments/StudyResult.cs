using MimiiGen.Experiments.Reporting;

namespace MimiiGen.Experiments;

/// <summary>All of a study: what <c>results.json</c> holds and reports are made from.</summary>
public sealed record StudyResult
{
    /// <summary>Name of the study.</summary>
    public required string Study { get; init; }

    /// <summary>What it asks.</summary>
    public required string Question { get; init; }

    /// <summary>The paragraph of findings, computed from the numbers.</summary>
    public required IReadOnlyList<string> Findings { get; init; }

    /// <summary>Of those the differences that were seen, in short; empty where none was.</summary>
    public required IReadOnlyList<string> Seen { get; init; }

    /// <summary>What its numbers do not show.</summary>
    public required string Limits { get; init; }

    /// <summary>What was left out, and why.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Arms by metrics: means over seeds with their intervals, as written in tables.</summary>
    public required Table Summary { get; init; }

    /// <summary>The metrics that findings and figures are about.</summary>
    public required IReadOnlyList<string> Told { get; init; }

    /// <summary>Tables of this study alone.</summary>
    public required IReadOnlyList<Table> Tables { get; init; }

    /// <summary>Figures, by their files in the folder.</summary>
    public required IReadOnlyList<Figure> Figures { get; init; }

    /// <summary>Every number of every arm and seed.</summary>
    public required IReadOnlyList<ArmRecord> Records { get; init; }

    /// <summary>How much of everything the budget paid for.</summary>
    public required StudyPlan Plan { get; init; }

    /// <summary>All that is needed to run it again.</summary>
    public required StudySettings Settings { get; init; }
}

/// <summary>All that is needed to run a study again.</summary>
/// <param name="Command">The command line.</param>
/// <param name="Version">Of this program.</param>
/// <param name="Data">Folder of recordings.</param>
/// <param name="Model">Folder of the model.</param>
/// <param name="Budget">In seconds.</param>
/// <param name="Seeds">Runs of each arm.</param>
/// <param name="Seed">Where all chance starts from.</param>
/// <param name="Detector">How detectors are trained.</param>
/// <param name="Embedding">What clips are compared in.</param>
/// <param name="Resampler">How clips are brought to its rate.</param>
/// <param name="Torch">Version of the native library.</param>
/// <param name="Device">Where it was computed.</param>
/// <param name="Threads">Processor threads.</param>
/// <param name="Seconds">It took, all arms and seeds together.</param>
public sealed record StudySettings(
    string Command, string Version, string Data, string Model, double Budget, int Seeds, ulong Seed, string Detector, string Embedding, string Resampler, string Torch, string Device, int Threads, double Seconds);
