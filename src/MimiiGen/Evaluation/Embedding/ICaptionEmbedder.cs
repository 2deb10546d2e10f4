using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding;

/// <summary>An embedding model that puts captions into the space of its sounds.</summary>
public interface ICaptionEmbedder
{
    /// <summary>Embeds captions.</summary>
    /// <returns>(captions, dimensions), of length 1, float32 on the CPU; the caller disposes it.</returns>
    /// <exception cref="BadInputException">The model's tokenizer isn't there.</exception>
    Tensor EmbedCaptions(IReadOnlyList<string> captions);
}
