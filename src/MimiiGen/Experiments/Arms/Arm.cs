namespace MimiiGen.Experiments.Arms;

/// <summary>One of the things a study compares.</summary>
/// <param name="Name">Short, for tables and figures; a file's name too.</param>
/// <param name="What">In words.</param>
/// <param name="Source">Where its clips come from.</param>
internal sealed record Arm(string Name, string What, ClipSource Source)
{
    /// <summary>What it is there for.</summary>
    public ArmKind Kind { get; init; }

    /// <summary>The detector that its AUCs are of.</summary>
    public string Detector { get; init; } = "autoencoder";

    /// <summary>Where it stands on the study's axis.</summary>
    public double? Position { get; init; }

    /// <summary>The bounds of every study: what nothing can beat with these clips, and what a perfect generator on this codec would have.</summary>
    public static IReadOnlyList<Arm> Bounds(double? latentBandwidth) =>
    [
        new("real halves", "one half of the real test clips against the other", new RealHalves()) { Kind = ArmKind.Floor },
        new("codec alone", "the real test clips sent once through the codec", new CodecCopies(latentBandwidth)) { Kind = ArmKind.Ceiling },
    ];
}
