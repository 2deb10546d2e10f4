namespace MimiiGen;

/// <summary>
/// How far a long piece of work has come. Long-running calls take an <c>IProgress&lt;WorkProgress&gt;?</c> and report to it from
/// the thread they work on; a program shows it as it likes.
/// </summary>
/// <param name="Stage">What is being done, the same text from a stage's first report to its last: "Generating clips".</param>
/// <param name="Done">How much of the stage is done, 0 to <paramref name="Total"/>, in any unit that grows evenly with time.</param>
/// <param name="Total">All of the stage; 0 where it can't be known beforehand.</param>
/// <param name="Note">What a reader wants to see of the present state, such as a loss; one short phrase.</param>
public readonly record struct WorkProgress(string Stage, double Done, double Total, string? Note = null)
{
    /// <summary>The part done, 0 to 1; null where the total isn't known.</summary>
    public double? Fraction => Total > 0 ? Math.Clamp(Done / Total, 0, 1) : null;

    /// <summary>Whether this report says that the stage is over.</summary>
    public bool IsFinished => Total > 0 && Done >= Total;
}
