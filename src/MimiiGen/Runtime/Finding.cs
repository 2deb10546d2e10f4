namespace MimiiGen.Runtime;

/// <summary>One thing that a check found.</summary>
/// <param name="Subject">What was looked at: "memory".</param>
/// <param name="Value">What was found, in words for a reader.</param>
/// <param name="Remedy">How to mend it; null where all is well.</param>
public sealed record Finding(string Subject, string Value, string? Remedy = null)
{
    /// <summary>Whether nothing needs mending.</summary>
    public bool IsWell => Remedy is null;
}
