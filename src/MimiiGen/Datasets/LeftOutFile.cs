namespace MimiiGen.Datasets;

/// <summary>A file that a dataset was read without.</summary>
/// <param name="FileName">Its path from the dataset's root, with <c>/</c>.</param>
/// <param name="Reason">One line that says why.</param>
/// <param name="Kind">The same for a program.</param>
public sealed record LeftOutFile(string FileName, string Reason, ProblemKind Kind = ProblemKind.Unreadable);
