using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>Captions as the vectors that a generator attends to.</summary>
/// <param name="Embeddings">(batch, tokens, d_model), zero at padding when made outside training.</param>
/// <param name="Mask">(batch, tokens) int64, 1 at a caption's tokens and 0 at padding.</param>
public sealed record CaptionEmbedding(Tensor Embeddings, Tensor Mask) : IDisposable
{
    /// <summary>Frees both tensors.</summary>
    public void Dispose()
    {
        Embeddings.Dispose();
        Mask.Dispose();
    }
}
