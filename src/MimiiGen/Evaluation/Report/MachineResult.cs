namespace MimiiGen.Evaluation.Report;

/// <summary>What was found for one machine and id.</summary>
public sealed record MachineResult
{
    /// <summary>Machine type as the dataset names it: <c>fan</c>.</summary>
    public required string Machine { get; init; }

    /// <summary>Which machine of that type, as the dataset names it: <c>id_00</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Real normal clips against real anomalies.</summary>
    public required DetectionResult Real { get; init; }

    /// <summary>Generated normal clips against generated anomalies.</summary>
    public required DetectionResult Generated { get; init; }

    /// <summary>Real normal clips against generated anomalies: the comparison in the paper.</summary>
    public required DetectionResult Mixed { get; init; }

    /// <summary>Generated normal clips against real anomalies; null in files of older versions.</summary>
    public DetectionResult? Swapped { get; init; }

    /// <summary>What each detector makes of the clips, the one of the other figures first.</summary>
    public IReadOnlyList<DetectorComparison> Detectors { get; init; } = [];

    /// <summary>Detection by domain and type of fault, where there are several.</summary>
    public IReadOnlyList<ConditionResult> Conditions { get; init; } = [];

    /// <summary>AUC on generated clips minus AUC on real ones.</summary>
    public required Interval AucDifference { get; init; }

    /// <summary>The tests without which that difference means nothing.</summary>
    public required ControlResult Controls { get; init; }

    /// <summary>Spread and spectrum of the generated clips against the real ones, one entry a class.</summary>
    public required IReadOnlyList<ClassResult> Classes { get; init; }

    /// <summary>
    /// Spread between generated clips of a class over the spread between real ones, mean over classes: 1 is right, towards 0 the
    /// clips are all alike.
    /// </summary>
    public double SpreadRatio => Classes.Average(c => c.SpreadRatio);

    /// <summary>Level of the generated clips minus that of the real ones in dB, mean over classes.</summary>
    public double LevelErrorDb => Classes.Average(c => c.LevelErrorDb);

    /// <summary>The same in each octave band; keys are the centre frequencies 63, 125, ..., 8000 Hz.</summary>
    public IReadOnlyDictionary<int, double> BandErrorDb =>
        Classes.SelectMany(c => c.BandErrorDb).GroupBy(b => b.Key).OrderBy(g => g.Key).ToDictionary(g => g.Key, g => g.Average(b => b.Value));

    /// <summary>How near the generated clips come to the training clips: memorisation.</summary>
    public required NearestTraining NearestTraining { get; init; }

    /// <summary>How many clips all this rests on.</summary>
    public required ClipCounts Counts { get; init; }

    /// <summary>The detector's score of each clip.</summary>
    public required ScoreGroups Scores { get; init; }
}
