using MimiiGen.Audio;
using MimiiGen.Checkpoints;
using MimiiGen.Evaluation.Embedding;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Evaluation.Embedding;

public sealed class VggishTests
{
    private const double Tolerance = 1e-4;

    [Fact]
    public void NamesShapesAndEmbeddingsAreThePublishedOnes()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var network = new Vggish();
        var golden = GoldenFile.Tensors("embeddings/vggish.safetensors");
        var names = GoldenFile.Json("embeddings/vggish.json").GetProperty("state_dict_names_and_shapes");
        Assert.Equal(names.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal), network.state_dict().Keys.Order(StringComparer.Ordinal));
        EmbeddingClips.Fill(network);

        foreach (var clip in new[] { "fan", "valve" })
        {
            var patches = VggishEmbedder.Patches(LogMel.Vggish().Compute(EmbeddingClips.At(clip, 16000)));
            var rows = network.call(patches.unsqueeze(1));

            Assert.Equal([10, 96, 64], patches.shape);
            GoldenFile.AssertClose(golden[$"{clip}.log_mel_patch_9"], patches[9], Tolerance, "log-mel");
            GoldenFile.AssertClose(golden[$"{clip}.embedding_before_relu"], rows, Tolerance, clip);
        }
    }

    [Fact]
    public void ComponentsAndTheir8BitsEqualTheReference()
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFile.Tensors("embeddings/vggish.safetensors");
        using var pca = new VggishPca(0.4f * Formula.Tensor("pca_eigen_vectors", 128, 128), Formula.Tensor("pca_means", 128, 1));

        GoldenFile.AssertClose(golden["fan.pca_before_clipping"], pca.Components(golden["fan.embedding_after_relu"]), Tolerance, "components");
        GoldenFile.AssertClose(golden["fan.quantised"], pca.Quantised(golden["fan.embedding_after_relu"]), 0, "8 bits");
    }

    [Fact]
    public void AWeightsFileGivesARowForEveryWholePatch()
    {
        using var scope = NewDisposeScope();
        var folder = Directory.CreateTempSubdirectory("vggish").FullName;
        try
        {
            using (var network = new Vggish()) ModelWeights.Save(network, Path.Combine(folder, "vggish.safetensors"));
            using var embedder = VggishEmbedder.Load(folder);

            var embedded = embedder.Embed([new float[embedder.ShortestInput], new float[40000]]);

            Assert.Equal([1, 128], embedded[0].Rows.shape);
            Assert.Equal([2, 128], embedded[1].Rows.shape);
            Assert.Null(embedded[0].Logits);
            Assert.Equal(64, embedder.WeightsHash.Length);
            Assert.Throws<BadInputException>(() => VggishEmbedder.Load(Path.Combine(folder, "gone")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
