using System.Text.Json;
using MimiiGen.Evaluation;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Evaluation;

/// <summary>From WAV files to scores, the published weights, 40 clips.</summary>
public sealed class EndToEndTests
{
    private const double Tolerance = 1e-4;

    private static readonly JsonElement Golden = GoldenFile.Json("embeddings/end-to-end.json").GetProperty("network_in_float64");

    [Fact]
    public void EmbeddingsOnceThenManyDistances()
    {
        using var embedder = SoundEmbedder.Load(RepositoryFolder.Of("models/efficientat-mn04"));
        using var normal = embedder.Embed(Samples.Clips("0_dB_fan/fan/id_00/normal", 0, 20), cancel: TestContext.Current.CancellationToken);
        using var abnormal = embedder.Embed(Samples.Clips("0_dB_fan/fan/id_00/abnormal", 0, 20), cancel: TestContext.Current.CancellationToken);
        var golden = GoldenFile.Tensors("embeddings/end-to-end.safetensors");

        GoldenFile.AssertClose(golden["normal.embeddings"], normal.Embeddings, 2e-4, "embeddings of normal clips");
        GoldenFile.AssertClose(golden["abnormal.logits"], abnormal.Logits, 2e-4, "logits of abnormal clips");
        AssertScores(normal, abnormal);
    }

    [Fact]
    public void ScoresOfTheStoredEmbeddings()
    {
        var golden = GoldenFile.Tensors("embeddings/end-to-end.safetensors");
        using var normal = new ClipEmbeddings(golden["normal.embeddings"], golden["normal.logits"]);
        using var abnormal = new ClipEmbeddings(golden["abnormal.embeddings"], golden["abnormal.logits"]);

        AssertScores(normal, abnormal);
    }

    private static void AssertScores(ClipEmbeddings normal, ClipEmbeddings abnormal)
    {
        Expect("frechet_exact", FrechetDistance.Of(normal.Embeddings, abnormal.Embeddings));
        Expect("kad_bandwidth_from_normal", KernelDistance.Of(normal.Embeddings, abnormal.Embeddings));
        Expect("kad_kadtk_1.1.0_bandwidth_from_abnormal", KernelDistance.Of(normal.Embeddings, abnormal.Embeddings, KernelDistance.MedianDistance(abnormal.Embeddings)));
        var divergence = Golden.GetProperty("kl_abnormal_as_prediction_normal_as_target");
        Assert.Equal(divergence.GetProperty("kullback_leibler_divergence_softmax").GetDouble(), ClassDivergence.Softmax(normal.Logits, abnormal.Logits), Tolerance);
        Assert.Equal(divergence.GetProperty("kullback_leibler_divergence_sigmoid").GetDouble(), ClassDivergence.Sigmoid(normal.Logits, abnormal.Logits), Tolerance);
        Assert.Equal(Golden.GetProperty("inception_score_normal_2_splits_in_order").GetProperty("inception_score_mean").GetDouble(), InceptionScore.Of(normal.Logits, 2).Mean, Tolerance);
        Assert.Equal(Golden.GetProperty("inception_score_abnormal_2_splits_in_order").GetProperty("inception_score_std").GetDouble(), InceptionScore.Of(abnormal.Logits, 2).Deviation, Tolerance);
    }

    private static void Expect(string key, double actual) => Assert.Equal(Golden.GetProperty(key).GetDouble(), actual, Tolerance);
}
