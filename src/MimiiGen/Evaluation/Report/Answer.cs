namespace MimiiGen.Evaluation.Report;

/// <summary>May generated clips stand in for real ones when a detector is judged?</summary>
public enum Answer
{
    /// <summary>All controls are as they should be.</summary>
    Yes,

    /// <summary>Something is off or uncertain.</summary>
    InPart,

    /// <summary>A control shows that the clips differ from real ones.</summary>
    No,

    /// <summary>The detector fails on the real clips, so that nothing can be compared.</summary>
    CannotSay,
}
