namespace MimiiGen.Experiments.Measuring;

/// <summary>Something that is measured of every arm.</summary>
/// <param name="Name">As tables and results.json have it.</param>
/// <param name="Right">What a perfect generator would have.</param>
/// <param name="Format">Of its numbers.</param>
/// <param name="Lowest">The least it can be.</param>
/// <param name="Highest">The most it can be.</param>
internal sealed record Metric(string Name, string Right, string Format = "0.00", double Lowest = double.NegativeInfinity, double Highest = double.PositiveInfinity)
{
    public static Metric Fad { get; } = new("FAD", "as between real halves", Lowest: 0);

    public static Metric Divergence { get; } = new("KL", "as between real halves");

    public static Metric Inception { get; } = new("IS", "as real halves", "0.000", Lowest: 1);

    public static Metric CaptionScore { get; } = new("CLAP", "as codec alone", "0.000");

    public static Metric FaultAccuracy { get; } = new("accuracy, fault", "as codec alone", Lowest: 0, Highest: 1);

    public static Metric ConditionAccuracy { get; } = new("accuracy, condition", "as codec alone", Lowest: 0, Highest: 1);

    public static Metric LevelError { get; } = new("level error (dB)", "0", "+0.0;-0.0;0.0");

    public static Metric BandError { get; } = new("largest band error (dB)", "0", "0.0", Lowest: 0);

    public static Metric AucDifference { get; } = new("AUC difference", "0", "+0.00;-0.00;0.00", Lowest: -1, Highest: 1);

    public static Metric AucDistance { get; } = new("size of AUC difference", "0", Lowest: 0, Highest: 1);

    public static Metric NormalAuc { get; } = new("AUC, generated against real normals", "0.5", Lowest: 0, Highest: 1);

    public static Metric Spread { get; } = new("spread ratio", "1", Lowest: 0);

    public static Metric Coverage { get; } = new("coverage", "as codec alone", Lowest: 0, Highest: 1);

    public static Metric Nearest { get; } = new("distance to training clips, ratio", "1; nearer 0 the more is copied", Lowest: 0);

    public static Metric Seconds { get; } = new("seconds per clip", "", Lowest: 0);

    public static Metric Parameters { get; } = new("parameters (millions)", "");

    public static Metric TrainingSteps { get; } = new("training steps", "", "0");

    public static Metric Validation { get; } = new("validation loss", "", "0.000");

    /// <summary>Those of every study, in the order of the table; a study may add its own.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        Fad, Divergence, Inception, CaptionScore, FaultAccuracy, ConditionAccuracy, LevelError, BandError, AucDifference, AucDistance, NormalAuc, Spread, Coverage, Nearest, Seconds, Parameters, TrainingSteps, Validation,
    ];

    /// <summary>The metric of a name; one of a study's own has its name alone.</summary>
    public static Metric Named(string name) => All.FirstOrDefault(m => m.Name == name) ?? new Metric(name, "");
}
