using System.Text.Json;
using MimiiGen.Evaluation;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Evaluation;

public sealed class ClassProbabilityTests : IDisposable
{
    private static readonly JsonElement Golden = GoldenFile.Json("metrics/probabilities.json");

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Dictionary<string, Tensor> tensors = GoldenFile.Tensors("metrics/probabilities.safetensors");

    public void Dispose() => scope.Dispose();

    [Fact]
    public void DivergencesOfPairsByName()
    {
        var golden = Golden.GetProperty("kl");
        string[] predictions = [.. golden.GetProperty("pred_files").EnumerateArray().Select(f => f.GetString()!)];
        long[] order = [.. golden.GetProperty("target_files").EnumerateArray().Select(f => (long)Array.IndexOf(predictions, f.GetString()))];
        var target = tensors["kl.target_logits"];
        var prediction = tensors["kl.pred_logits"];

        AssertDivergence(golden.GetProperty("audioldm_eval"), target, prediction.index_select(0, tensor(order)), 1e-10);
        AssertDivergence(golden.GetProperty("audioldm_eval_paired_by_row_instead_of_name (wrong)"), target, prediction, 1e-10);
        AssertDivergence(golden.GetProperty("identical_sets"), prediction, prediction, 1e-10);
        AssertDivergence(golden.GetProperty("saturated_float64"), tensors["kl.saturated_target_logits"], tensors["kl.saturated_pred_logits"], 1e-10);
        Assert.Throws<BadInputException>(() => ClassDivergence.Softmax(target, prediction[..5]));
    }

    [Fact]
    public void InceptionScores()
    {
        var golden = Golden.GetProperty("inception_score");
        var logits = tensors["is.logits"];
        var shuffled = tensor(golden.GetProperty("default").GetProperty("permutation").EnumerateArray().Select(v => v.GetInt64()).ToArray());

        AssertScore(golden.GetProperty("default"), InceptionScore.Of(logits.index_select(0, shuffled), 10));
        AssertScore(golden.GetProperty("one_split"), InceptionScore.Of(logits));
        AssertScore(golden.GetProperty("four_splits_in_order"), InceptionScore.Of(logits, 4));
        Assert.Equal(1, InceptionScore.Of(zeros(10, 20), 2).Mean, 1e-10);
        Assert.Equal(5, InceptionScore.Of(eye(5).tile([4, 1]) * 2000, 2).Mean, 1e-10);
    }

    private static void AssertDivergence(JsonElement expected, Tensor target, Tensor prediction, double tolerance)
    {
        Assert.Equal(expected.GetProperty("kullback_leibler_divergence_softmax").GetDouble(), ClassDivergence.Softmax(target, prediction), tolerance);
        Assert.Equal(expected.GetProperty("kullback_leibler_divergence_sigmoid").GetDouble(), ClassDivergence.Sigmoid(target, prediction), tolerance);
    }

    private static void AssertScore(JsonElement expected, InceptionScore actual)
    {
        Assert.Equal(expected.GetProperty("inception_score_mean").GetDouble(), actual.Mean, 1e-10);
        Assert.Equal(expected.GetProperty("inception_score_std").GetDouble(), actual.Deviation, 1e-10);
    }
}
