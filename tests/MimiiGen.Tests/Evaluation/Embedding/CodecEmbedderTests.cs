using MimiiGen.Evaluation.Embedding;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Evaluation.Embedding;

public sealed class CodecEmbedderTests
{
    [Fact]
    public void ARowIsTheMeanOfASecondOfLatents()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var embedder = CodecEmbedder.Load(RepositoryFolder.Of("models/default"));
        using var codec = MimiiGen.Codec.NamedCodec.Load(RepositoryFolder.Of("models/default"));
        var clip = EmbeddingClips.At("fan", embedder.SampleRate)[..(int)(2.5 * embedder.SampleRate)];

        var rows = embedder.Embed([clip])[0].Rows;

        var latents = codec.Model.Encode(tensor(clip[..(2 * embedder.SampleRate)]).reshape(1, 1, -1));
        Assert.Equal([2, latents.shape[1]], rows.shape);
        Golden.GoldenFile.AssertClose(latents[0, .., ..(int)(latents.shape[2] / 2)].mean([1L]), rows[0], 1e-5, "first second");
        Assert.Equal(64, embedder.WeightsHash.Length);
    }
}
