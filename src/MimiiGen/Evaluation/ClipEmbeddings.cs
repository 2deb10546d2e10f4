using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>What an embedding model says of a set of clips: made once, the input of many distances. Disposing frees the tensors.</summary>
/// <param name="Embeddings">(clips, dimensions), float32 on the CPU.</param>
/// <param name="Logits">(clips, classes), before softmax or sigmoid, float32 on the CPU.</param>
public sealed record ClipEmbeddings(Tensor Embeddings, Tensor Logits) : IDisposable
{
    /// <summary>Number of clips.</summary>
    public int Count => (int)Embeddings.shape[0];

    /// <inheritdoc/>
    public void Dispose()
    {
        Embeddings.Dispose();
        Logits.Dispose();
    }
}
