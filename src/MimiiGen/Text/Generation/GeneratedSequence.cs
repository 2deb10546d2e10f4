namespace MimiiGen.Text;

/// <summary>A generated text.</summary>
/// <param name="Ids">Its tokens, from the start token to the closing one, or to the longest length.</param>
/// <param name="Score">Its log probability over (tokens behind the start) ^ length penalty.</param>
public sealed record GeneratedSequence(IReadOnlyList<long> Ids, double Score);
