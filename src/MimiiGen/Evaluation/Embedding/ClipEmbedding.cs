using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding;

/// <summary>What an embedding model says of one clip. Disposing frees the tensors.</summary>
/// <param name="Rows">(windows, dimensions), float32 on the CPU: one row where the model takes a clip as a whole.</param>
/// <param name="Logits">(classes), before softmax or sigmoid; null for a model that names no classes.</param>
public sealed record ClipEmbedding(Tensor Rows, Tensor? Logits) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Rows.Dispose();
        Logits?.Dispose();
    }
}
