using System.Text.Json;
using MimiiGen.Detection;
using MimiiGen.Detection.DenseTraining;
using MimiiGen.Optimization;
using MimiiGen.Tests.Evaluation;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Detection;

public sealed class AutoEncoderScoreTests
{
    private const string Normal = "0_dB_fan/fan/id_00/normal/00000000.wav";
    private const string Abnormal = "0_dB_fan/fan/id_00/abnormal/00000000.wav";

    private static readonly JsonElement Golden = GoldenFile.Json("detector/forward.json");

    private readonly LogMelVectors features = new(16000);

    public static TheoryData<string> Clips => [.. Golden.GetProperty("dcase_ae").GetProperty("clips_channel_0").EnumerateObject().Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Clips))]
    public void ScoresEqualTheBaselines(string clip)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var network = AutoEncoderTests.Reference();
        var expected = Golden.GetProperty("dcase_ae").GetProperty("clips_channel_0").GetProperty(clip);
        var tensors = GoldenFile.Tensors("detector/forward.safetensors");
        var name = $"dcase_ae.{clip.Replace(".wav", "", StringComparison.Ordinal).Replace('/', '_')}";
        var rows = tensor(new long[] { 0, 100, 308 });

        var vectors = features.Of(Samples.Clip(clip));

        Assert.Equal([309, 640], vectors.shape);
        GoldenFile.AssertClose(tensors[$"{name}.vector_rows_0_100_308"], vectors.index_select(0, rows), 1e-4, "vectors");
        GoldenFile.AssertClose(tensors[$"{name}.reconstruction_rows_0_100_308"], network.call(vectors).index_select(0, rows), 1e-4, "reconstruction");
        AssertRelative(expected.GetProperty("mse_float64"), AutoEncoderDetector.MeanSquaredError(network, vectors), 1e-5);

        var residual = network.call(vectors) - vectors;
        var source = linalg.inv(tensors["mahalanobis.cov_source"].to(ScalarType.Float64));
        var target = linalg.inv(tensors["mahalanobis.cov_target"].to(ScalarType.Float64));
        AssertRelative(expected.GetProperty("mahalanobis_source").GetProperty("float64"), SelectiveMahalanobis.Distance(residual.to(ScalarType.Float64), source), 1e-6);
        AssertRelative(expected.GetProperty("mahalanobis_target").GetProperty("float64"), SelectiveMahalanobis.Distance(residual.to(ScalarType.Float64), target), 1e-6);
        AssertRelative(expected.GetProperty("selective_mahalanobis_score_float64"), SelectiveMahalanobis.Score(residual.to(ScalarType.Float64), source, target), 1e-6);
    }

    [Fact]
    public void CovariancesAddUpAsTheBaselines()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var network = AutoEncoderTests.Reference();
        var expected = Golden.GetProperty("covariance_update");
        var tensors = GoldenFile.Tensors("detector/forward.safetensors");
        var normal = features.Of(Samples.Clip(Normal));
        var abnormal = features.Of(Samples.Clip(Abnormal));

        var source = SelectiveMahalanobis.Covariance([Residual(normal[..40]), Residual(normal[40..80])[..30]], 128);
        var target = SelectiveMahalanobis.Covariance([Residual(normal[40..80])[30..], Residual(abnormal[..40])], 128);

        AssertRelative(expected.GetProperty("trace_source"), source.trace().ToDouble(), 1e-5);
        AssertRelative(expected.GetProperty("trace_target"), target.trace().ToDouble(), 1e-5);
        GoldenFile.AssertClose(tensors["covariance_update.source_rows_0_to_7"], source[..8], 1e-3, "source covariance");
        GoldenFile.AssertClose(tensors["covariance_update.target_rows_0_to_7"], target[..8], 1e-3, "target covariance");

        Tensor Residual(Tensor vectors) => network.call(vectors) - vectors;
    }

    [Fact]
    public void AnAdamStepEqualsTheReference()
    {
        using var scope = NewDisposeScope();
        using var network = AutoEncoderTests.Reference(ScalarType.Float64);
        var expected = Golden.GetProperty("adam_step");
        var tensors = GoldenFile.Tensors("detector/forward.safetensors");
        var batch = ReferenceBatch(features).to(ScalarType.Float64);
        network.train();
        using var optimizer = new AdamW(network.named_parameters(), weightDecay: 0);
        var losses = Numbers.Of(expected.GetProperty("losses_of_3_steps").GetProperty("float64"));

        Assert.Equal(losses[0], TorchTraining.Step(network, optimizer, 1e-3, batch).ToDouble(), losses[0] * 1e-5);
        foreach (var (name, parameter) in network.named_parameters())
        {
            if (!tensors.TryGetValue($"adam.grad.{name}", out var gradient)) continue;
            var largest = gradient.abs().max().ToDouble();
            if (name == "encoder.0.bias") continue; // before a batch normalisation: rounding alone
            GoldenFile.AssertClose(gradient, Slice(name, parameter.grad!), 1e-4 * largest, $"gradient of {name}");
        }

        var state = network.state_dict();
        foreach (var (key, value) in tensors.Where(t => t.Key.StartsWith("adam.after_step_1.", StringComparison.Ordinal)))
        {
            var name = key["adam.after_step_1.".Length..];
            var actual = Slice(name, state[name]);
            if (!tensors.TryGetValue($"adam.grad.{name}", out var gradient))
            {
                GoldenFile.AssertClose(value, actual, 1e-6, name); // running statistics
                continue;
            }

            if (name == "encoder.0.bias") continue;
            var counts = gradient.abs() > 1e-3 * gradient.abs().max();
            GoldenFile.AssertClose(value.masked_select(counts), actual.masked_select(counts), 1e-5, name);
        }

        Assert.Equal(losses[1], TorchTraining.Step(network, optimizer, 1e-3, batch).ToDouble(), losses[1] * 1e-5);
        Assert.Equal(losses[2], TorchTraining.Step(network, optimizer, 1e-3, batch).ToDouble(), losses[2] * 2e-4);
    }

    /// <summary>The 64 vectors of the reference's Adam steps.</summary>
    internal static Tensor ReferenceBatch(LogMelVectors features) => cat([features.Of(Samples.Clip(Normal))[..32], features.Of(Samples.Clip(Abnormal))[..32]], 0);

    internal static Tensor Slice(string name, Tensor full) => name switch
    {
        "encoder.0.weight" => Every(full, 16, 40),
        "encoder.12.weight" => Every(full, 1, 16),
        "decoder.0.weight" => Every(full, 16, 1),
        "decoder.12.weight" => Every(full, 40, 16),
        "decoder.12.bias" => Every(full, 40),
        _ => Every(full, 8),
    };

    private static Tensor Every(Tensor full, params int[] steps)
    {
        for (var d = 0; d < steps.Length; d++) full = full.index_select(d, arange(0, full.shape[d], steps[d]));
        return full.detach();
    }

    private static void AssertRelative(JsonElement expected, double actual, double tolerance) =>
        Assert.Equal(expected.GetDouble(), actual, Math.Abs(expected.GetDouble()) * tolerance);
}
