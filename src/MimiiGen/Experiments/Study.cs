namespace MimiiGen.Experiments;

/// <summary>
/// One question about the method, and the arms that are compared to answer it. <see cref="StudyRun"/> does all that studies have in common: budget, training, clips,
/// measures, records, report.
/// </summary>
/// <param name="name">As it is typed: <c>captions</c>.</param>
/// <param name="question">What it answers, in one sentence.</param>
/// <param name="compared">The arms, in words.</param>
/// <param name="needs">What the data must have.</param>
/// <param name="cost">What takes its time.</param>
/// <param name="limits">What its numbers do not show, in plain words.</param>
public abstract class Study(string name, string question, string compared, string needs, string cost, string limits)
{
    /// <summary>All studies, in the order of the report.</summary>
    public static IReadOnlyList<Study> All { get; } =
    [
        new Studies.CaptionsStudy(), new Studies.CaptionQualityStudy(), new Studies.ChannelsStudy(), new Studies.LatentStudy(), new Studies.BandwidthStudy(), new Studies.DetectionStudy(),
        new Studies.DiversityStudy(), new Studies.TransferStudy(), new Studies.DataSizeStudy(), new Studies.StepsStudy(),
    ];

    /// <summary>As it is typed.</summary>
    public string Name => name;

    /// <summary>What it answers.</summary>
    public string Question => question;

    /// <summary>The arms, in words.</summary>
    public string Compared => compared;

    /// <summary>What the data must have.</summary>
    public string Needs => needs;

    /// <summary>What takes its time.</summary>
    public string Cost => cost;

    /// <summary>What its numbers do not show.</summary>
    public string Limits => limits;

    /// <summary>The arms; those that this machine lacks a model for are left out and named to <see cref="StudyData.Note"/>.</summary>
    /// <exception cref="BadInputException">The data can't answer the question; says what is missing.</exception>
    internal abstract IReadOnlyList<Arms.Arm> Arms(StudyData data);

    /// <summary>The measures that findings and figures are about, the most telling first.</summary>
    internal virtual IReadOnlyList<Measuring.Metric> Told => [Measuring.Metric.Fad, Measuring.Metric.FaultAccuracy, Measuring.Metric.AucDistance];

    /// <summary>What this study alone measures of an arm's clips.</summary>
    internal virtual IReadOnlyList<Measuring.Measure> Further(Arms.Arm arm, Arms.MadeClips made, StudyData data) => [];

    /// <summary>The name of the axis that <see cref="Arms.Arm.Position"/> counts on, or seconds per clip where arms have none; null where arms have no order.</summary>
    internal virtual string? Axis => null;

    /// <summary>What is true of the data whatever is trained, as tables of the report; computed once.</summary>
    internal virtual IReadOnlyList<Reporting.Table> Tables(StudyData data, IReadOnlyList<ArmRecord> records) => [];
}
