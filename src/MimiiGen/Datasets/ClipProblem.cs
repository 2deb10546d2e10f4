namespace MimiiGen.Datasets;

/// <summary>Something wrong with one recording.</summary>
/// <param name="FileName">Its path from the dataset's root, with <c>/</c>.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Message">The same in words, to be read after the name.</param>
public sealed record ClipProblem(string FileName, ProblemKind Kind, string Message);
