using MimiiGen.Detection;

namespace MimiiGen.Evaluation;

/// <summary>The project's embeddings as what a detector hears of a clip.</summary>
public static class EmbeddingVectors
{
    /// <summary>The name of <see cref="SoundEmbedder"/> on the command line, as in <c>knn:efficientat</c>.</summary>
    public const string EfficientAt = "efficientat";

    /// <summary>Embeddings by name; null for a name that isn't known. The embedder is loaded when first asked for and lives as long as the program.</summary>
    public static Func<string, ClipVectors?> From(Func<SoundEmbedder> load)
    {
        var embedder = new Lazy<SoundEmbedder>(load);
        return name => name == EfficientAt ? new ClipVectors(SoundEmbedder.Name, _ => clip => embedder.Value.Embed([clip]).Embeddings) : null;
    }
}
