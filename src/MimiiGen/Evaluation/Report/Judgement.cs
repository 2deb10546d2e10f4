namespace MimiiGen.Evaluation.Report;

/// <summary>How a measure looks.</summary>
public enum Judgement
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Off, or too few clips to say.</summary>
    Doubtful,

    /// <summary>Wrong beyond what chance explains.</summary>
    Bad,
}
