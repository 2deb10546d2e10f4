using MimiiGen.Evaluation.Embedding;

namespace MimiiGen.Evaluation.Scoring;

/// <summary>A clip of one side of a comparison with all that is measured from. Disposing frees the embedding.</summary>
/// <param name="Name">Path below the folder that was given.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="Hash">SHA-256 of the file.</param>
/// <param name="Facts">Rate, length, level.</param>
/// <param name="Embedding">What the model says of it.</param>
public sealed record ScoredClip(string Name, string Path, string Hash, ClipFacts Facts, ClipEmbedding Embedding) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Embedding.Dispose();
}
