using MimiiGen.Detection;
using MimiiGen.Detection.DenseTraining;
using MimiiGen.Kernels;
using MimiiGen.Optimization;
using MimiiGen.Tests.Evaluation;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Detection;

/// <summary>The training on our own kernels against autograd, and against the reference's step.</summary>
public sealed class StackTrainingTests
{
    /// <summary>Rows in whole tiles and not. A unit within rounding of ReLU's corner for one of them would have another gradient; here is none.</summary>
    [Theory]
    [InlineData("dcase", 61)]
    [InlineData("dcase", 48)]
    [InlineData("mimii2019", 61)]
    public void GradientsAreThoseOfAutogradIn64Bits(string name, int rows)
    {
        using var scope = NewDisposeScope();
        using var network = Network(name, seed: 3);
        using var exact = Network(name, seed: 3);
        exact.to(ScalarType.Float64);
        var batch = Batch(name)[..rows];
        using var ours = new StackTraining((IDenseStack)network, batchSize: 64);

        var loss = ours.Epoch(batch, arange(rows), 1e-3);

        var expected = nn.functional.mse_loss(exact.call(batch.to(ScalarType.Float64)), batch.to(ScalarType.Float64));
        expected.backward();
        Assert.Equal(expected.ToDouble(), loss, 1e-5 * loss);
        foreach (var (l, layer) in ((IDenseStack)exact).Layers.Index())
        {
            Close(layer.Linear.weight.grad!, ours.Gradient(l, "weight"), $"weight {l}");
            if (layer.Norm is not { } norm)
            {
                Close(layer.Linear.bias!.grad!, ours.Gradient(l, "bias"), $"bias {l}");
                continue;
            }

            // the mean takes a bias away again: autograd's gradient of it is rounding, ours is none
            Assert.Equal(0, ours.Gradient(l, "bias").abs().max().ToDouble());
            Close(norm.weight!.grad!, ours.Gradient(l, "gain"), $"gain {l}");
            Close(norm.bias!.grad!, ours.Gradient(l, "shift"), $"shift {l}");
        }
    }

    [Theory]
    [InlineData("dcase")]
    [InlineData("mimii2019")]
    public void LossesAreTorchsAndTheNetworkGetsWhatWasLearned(string name)
    {
        using var scope = NewDisposeScope();
        using var network = Network(name, seed: 5);
        using var other = Network(name, seed: 5);
        var vectors = Batch(name);
        using var generator = new Generator(1);
        var order = randperm(vectors.shape[0], generator: generator);
        using var ours = new StackTraining((IDenseStack)network, batchSize: 20); // the last batch is smaller
        using var torchs = new TorchTraining(other, batchSize: 20);

        var (loss, expected) = (ours.Epoch(vectors, order, 1e-3), torchs.Epoch(vectors, order, 1e-3));
        ours.Store();
        ours.Store(); // twice is once
        Assert.Equal(expected, loss, 1e-4 * expected);
        Assert.Equal(((IDenseStack)other).Layers[0].Norm?.num_batches_tracked!.ToInt64(), ((IDenseStack)network).Layers[0].Norm?.num_batches_tracked!.ToInt64());
        network.train();
        var next = nn.functional.mse_loss(network.call(vectors[..20]), vectors[..20]).ToDouble();
        Assert.Equal(next, ours.Epoch(vectors[..20], arange(20), 1e-3), 1e-5 * next);
    }

    [Fact]
    public void TheFirstStepsAreTheReferences()
    {
        using var scope = NewDisposeScope();
        using var network = AutoEncoderTests.Reference();
        var tensors = GoldenFile.Tensors("detector/forward.safetensors");
        var losses = Numbers.Of(GoldenFile.Json("detector/forward.json").GetProperty("adam_step").GetProperty("losses_of_3_steps").GetProperty("float64"));
        using var ours = new StackTraining(network, batchSize: 64);
        var (batch, order) = (Batch("dcase"), arange(64));

        Assert.Equal(losses[0], ours.Epoch(batch, order, 1e-3), losses[0] * 1e-5);
        ours.Store();
        using (no_grad())
            foreach (var (key, value) in tensors.Where(t => t.Key.StartsWith("adam.after_step_1.", StringComparison.Ordinal)))
            {
                var name = key["adam.after_step_1.".Length..];
                var actual = AutoEncoderScoreTests.Slice(name, network.state_dict()[name]);
                if (name == "encoder.0.bias") continue;
                if (!tensors.TryGetValue($"adam.grad.{name}", out var gradient))
                {
                    GoldenFile.AssertClose(value, actual, 1e-6, name); // running statistics
                    continue;
                }

                var counts = gradient.abs() > 1e-3 * gradient.abs().max();
                GoldenFile.AssertClose(value.masked_select(counts), actual.masked_select(counts), 1e-5, name);
            }

        // A weight whose gradient is rounding alone takes Adam's whole step with either sign: in 32 bits torch's loss is 1e-4 off here, and 2e-3 off after another step.
        Assert.Equal(losses[1], ours.Epoch(batch, order, 1e-3), losses[1] * 2e-4);
    }

    [Theory]
    [InlineData("dcase")]
    [InlineData("mimii2019")]
    public void TheNumberOfThreadsChangesNotABit(string name)
    {
        using var scope = NewDisposeScope();
        var vectors = Batch(name);
        var before = get_num_threads();
        try
        {
            var alone = Learned(1);
            foreach (var threads in new[] { 2, 3 })
                foreach (var (key, value) in Learned(threads)) Assert.True(value.equal(alone[key]).all().ToBoolean(), $"{key} with {threads} threads");
        }
        finally
        {
            set_num_threads(before);
        }

        Dictionary<string, Tensor> Learned(int threads)
        {
            set_num_threads(threads);
            var network = Network(name, seed: 9);
            new AutoEncoderTraining(Epochs: 4, BatchSize: 30).Train(network, vectors);
            return network.state_dict().ToDictionary(s => s.Key, s => s.Value.clone());
        }
    }

    [Fact]
    public void SumsOfOuterProductsAreThoseOfTorch()
    {
        using var scope = NewDisposeScope();
        var (left, right) = (Formula.Tensor("left", 50, 12), Formula.Tensor("right", 50, 32));
        var sums = new AlignedFloats(12 * 32);
        unsafe
        {
            OuterSums.Add(Memory.Of(left), 12, Memory.Of(right), 32, 50, sums.Start);
            Close(left.t().mm(right), tensor(new Span<float>(sums.Start, sums.Length).ToArray()).view(12, 32), "sums");
        }
    }

    private static nn.Module<Tensor, Tensor> Network(string name, ulong seed) => name == "dcase" ? new AutoEncoder(seed: seed) : new MimiiAutoEncoder(seed: seed);

    /// <summary>Vectors of real clips, 64 of them.</summary>
    private static Tensor Batch(string name) => AutoEncoderScoreTests.ReferenceBatch(name == "dcase" ? new LogMelVectors(16000) : LogMelVectors.Mimii2019(16000));

    private static void Close(Tensor expected, Tensor actual, string what)
    {
        using var noGrad = no_grad();
        GoldenFile.AssertClose(expected, actual, 1e-4 * expected.abs().max().ToDouble(), what);
    }
}
