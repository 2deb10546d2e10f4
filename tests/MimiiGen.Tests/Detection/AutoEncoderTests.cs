using MimiiGen.Detection;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Detection;

public sealed class AutoEncoderTests
{
    /// <summary>Weights by formula, then the scalars the golden's README names, so that input and output have the size of real log-mels.</summary>
    internal static AutoEncoder Reference(ScalarType type = ScalarType.Float32)
    {
        var network = new AutoEncoder();
        Formula.Fill(network, name => name.StartsWith("cov_", StringComparison.Ordinal));
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var state = network.state_dict();
        state["encoder.0.weight"].mul_(0.1);
        state["decoder.12.weight"].mul_(10);
        state["decoder.12.bias"].mul_(10).sub_(35);
        network.to(type);
        return network;
    }

    [Fact]
    public void NamesAndShapesAreTheBaselines()
    {
        using var network = new AutoEncoder();
        var expected = GoldenFile.Json("detector/forward.json").GetProperty("dcase_ae").GetProperty("state_dict_names_and_shapes");
        var state = network.state_dict();

        Assert.Equal(expected.EnumerateObject().Select(p => p.Name).Order(), state.Keys.Order());
        foreach (var entry in expected.EnumerateObject())
            Assert.Equal(entry.Value.EnumerateArray().Select(v => v.GetInt64()), state[entry.Name].shape);
    }

    [Fact]
    public void CodesAndReconstructionsEqualTheBaselines()
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var network = Reference();
        var golden = GoldenFile.Tensors("detector/forward.safetensors");
        foreach (var (name, vectors) in golden.Where(g => g.Key.EndsWith("vector_rows_0_100_308", StringComparison.Ordinal)))
        {
            var clip = name[..name.LastIndexOf('.')];
            GoldenFile.AssertClose(golden[$"{clip}.z_rows_0_100_308"], network.Encode(vectors), 1e-4, $"codes of {clip}");
            GoldenFile.AssertClose(golden[$"{clip}.reconstruction_rows_0_100_308"], network.call(vectors), 1e-4, $"reconstruction of {clip}");
        }
    }

    [Fact]
    public void TheSameSeedGivesTheSameTrainingWhateverElseDrawsNumbers()
    {
        using var scope = NewDisposeScope();
        var vectors = Formula.Tensor("vectors", 70, 640) * 10;
        var training = new AutoEncoderTraining(Epochs: 3, BatchSize: 32, Seed: 7);

        using var first = new AutoEncoder(seed: 7);
        var firstLosses = training.Train(first, vectors, cancel: TestContext.Current.CancellationToken);
        rand(11);
        using var second = new AutoEncoder(seed: 7);
        var secondLosses = training.Train(second, vectors, cancel: TestContext.Current.CancellationToken);

        Assert.Equal(firstLosses, secondLosses);
        Assert.True(firstLosses[2] < firstLosses[0]);
        foreach (var (name, value) in first.state_dict()) Assert.True(value.equal(second.state_dict()[name]).all().ToBoolean(), name);
    }
}
