using MimiiGen.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding;

/// <summary>
/// The last step of AudioSet's released VGGish features: rotation into principal components, clipping to +-2 and 8 bits. Distances between sets are computed
/// without it; it is here for comparison with that release.
/// </summary>
public sealed class VggishPca : IDisposable
{
    private readonly Tensor vectors; // (128, 128)
    private readonly Tensor means; // (128, 1)

    /// <summary>Takes the published matrices; they stay the caller's.</summary>
    /// <param name="vectors"><c>pca_eigen_vectors</c>, (128, 128).</param>
    /// <param name="means"><c>pca_means</c>, (128, 1).</param>
    public VggishPca(Tensor vectors, Tensor means)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(means);
        this.vectors = vectors.to(ScalarType.Float32, copy: true).DetachFromDisposeScope();
        this.means = means.to(ScalarType.Float32, copy: true).DetachFromDisposeScope();
    }

    /// <summary>Reads <c>vggish_pca_params-970ea276.pth</c>.</summary>
    /// <exception cref="BadInputException">No such file, or the matrices aren't in it.</exception>
    public static VggishPca Load(string path)
    {
        using var scope = NewDisposeScope();
        var tensors = PyTorchFile.ReadAll(path);
        return tensors.TryGetValue("pca_eigen_vectors", out var vectors) && tensors.TryGetValue("pca_means", out var means)
            ? new VggishPca(vectors, means)
            : throw new BadInputException($"{path}: holds no pca_eigen_vectors and pca_means");
    }

    /// <summary>Components of embeddings.</summary>
    /// <param name="embeddings">(patches, 128), after the last ReLU.</param>
    /// <returns>(patches, 128).</returns>
    public Tensor Components(Tensor embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        using var scope = NewDisposeScope();
        return vectors.mm(embeddings.t() - means).t().MoveToOuterDisposeScope();
    }

    /// <summary>Components in 8 bits: 0 to 255 for -2 to 2, halves to even, as whole numbers in float32.</summary>
    public Tensor Quantised(Tensor embeddings)
    {
        using var scope = NewDisposeScope();
        return ((Components(embeddings).clamp(-2, 2) + 2) * (255.0 / 4)).round().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        vectors.Dispose();
        means.Dispose();
    }
}
