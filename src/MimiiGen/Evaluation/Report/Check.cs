namespace MimiiGen.Evaluation.Report;

/// <summary>One measure with its judgement.</summary>
/// <param name="Name">What was measured, in a few words.</param>
/// <param name="Value">What came out, with its unit.</param>
/// <param name="Wanted">What would be right: "0.5, within 0.1".</param>
/// <param name="Judgement">How it looks; null where it is only shown.</param>
/// <param name="Reason">One plain sentence that says what it means; empty where it is only shown.</param>
public sealed record Check(string Name, string Value, string Wanted, Judgement? Judgement, string Reason)
{
    /// <summary>Whether generated clips can't stand in for real ones when this is bad.</summary>
    public bool Decides { get; init; }

    /// <summary>The interval of an AUC or of a difference of two, for drawing; null for other measures.</summary>
    public Interval? Interval { get; init; }

    /// <summary>Where the interval's axis has its middle: 0.5 for an AUC, 0 for a difference.</summary>
    public double Middle { get; init; } = 0.5;
}
