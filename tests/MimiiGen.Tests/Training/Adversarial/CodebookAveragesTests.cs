using MimiiGen.Codec;
using MimiiGen.Tests.Golden;
using MimiiGen.Training;
using MimiiGen.Training.Adversarial;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Training.Adversarial;

/// <summary>Two steps of the encodec package's quantiser in training (golden/encodec/rvq-train), and what ours does better.</summary>
public sealed class CodebookAveragesTests : IDisposable
{
    private const int Codebooks = 3;
    private static readonly EncodecConfig Config = new() { HiddenSize = 8, CodebookSize = 16, TargetBandwidths = [0.9], NumFilters = 2, NumLstmLayers = 0 };

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Dictionary<string, Tensor> golden = GoldenFile.Tensors("encodec/rvq-train.safetensors");
    private readonly ResidualVectorQuantizer quantizer = new(Config);

    public void Dispose()
    {
        quantizer.Dispose();
        scope.Dispose();
    }

    [Theory]
    [InlineData("fresh")]
    [InlineData("warm")]
    [InlineData("dead")]
    public void TwoStepsEqualThePackages(string run)
    {
        using var averages = Begin(run);
        for (var step = 1; step <= 2; step++)
        {
            var at = $"{run}.step{step}";
            var x = golden["x"].clone().requires_grad_();
            var (quantized, codes, commitments) = averages.Learn(x, Codebooks, chance: null);

            Assert.True(codes.eq(golden[$"{at}.codes"]).all().ToBoolean(), $"{at}: codes differ");
            Close($"{at}.quantized", quantized);
            Close($"{at}.commitment_mean", commitments.mean());
            Close($"{at}.grad_of_commitment_mean", autograd.grad([commitments[0] / Codebooks], [x], retain_graph: true)[0]);
            Close($"{at}.grad_of_sum_quantized_times_g", autograd.grad([(quantized * golden["g"]).sum()], [x], retain_graph: true)[0]);
            var state = averages.State().ToDictionary(p => p.Key, p => p.Value);
            for (var i = 0; i < Codebooks; i++)
            {
                Close($"{at}.{i}.embed", quantizer.Entries(i));
                Close($"{at}.{i}.embed_avg", state[$"{i}.embed_avg"]);
                Close($"{at}.{i}.cluster_size", state[$"{i}.cluster_size"]);
            }
        }
    }

    [Fact]
    public void EveryCodebooksCommitmentReachesTheLatents()
    {
        using var averages = Begin("warm");
        var x = golden["x"].clone().requires_grad_();
        var (_, _, commitments) = averages.Learn(x, Codebooks, chance: null);

        for (var i = 0; i < Codebooks; i++)
        {
            var gradient = autograd.grad([commitments[i]], [x], retain_graph: true)[0];
            Assert.Equal(4 * commitments[i].ToDouble() / x.numel(), gradient.square().sum().ToDouble(), 1e-8); // |2 r / n|² with mean r² = the loss
        }
    }

    [Fact]
    public void TheStartDoesNotShrinkTheCodebooks()
    {
        Fill("warm");
        var rows = golden["x"].shape[0] * golden["x"].shape[2];
        using var averages = new CodebookAverages(quantizer, rows);
        var before = quantizer.Entries(0).norm().ToDouble();
        averages.Learn(golden["x"], Codebooks, chance: null);

        Assert.InRange(quantizer.Entries(0).norm().ToDouble() / before, 0.97, 1.03);
    }

    [Fact]
    public void AnEntryOutOfUseMovesToALatentAndIsUsedAgain()
    {
        Fill("warm");
        quantizer.Entries(0)[3] = full(8, 1000.0);
        using var chance = new StepChance(1, 1);
        using var averages = new CodebookAverages(quantizer, latentsPerStep: 80);
        for (var i = 0; i < 400; i++)
        {
            using var step = NewDisposeScope();
            averages.Learn(golden["x"], 1, chance);
        }

        var (_, codes, _) = averages.Learn(golden["x"], 1, chance: null);
        Assert.True(codes.eq(3).any().ToBoolean());
        Assert.True(quantizer.Entries(0).abs().max().ToDouble() < 10);
    }

    private CodebookAverages Begin(string run)
    {
        Fill(run);
        var averages = new CodebookAverages(quantizer, latentsPerStep: 80);
        foreach (var (name, tensor) in averages.State())
            if (int.Parse(name.Split('.')[0]) < Codebooks)
                tensor.copy_(golden[$"{run}.{name}.before"]);
        return averages;
    }

    private void Fill(string run)
    {
        Assert.Equal(Codebooks, quantizer.Count);
        for (var i = 0; i < Codebooks; i++) quantizer.Entries(i).copy_(golden[$"{run}.{i}.embed.before"]);
    }

    /// <summary>5e-7, relative where values are large, as the reference's README says.</summary>
    private void Close(string name, Tensor actual)
    {
        var expected = golden[name];
        GoldenFile.AssertClose(expected, actual, 5e-7 * Math.Max(1, expected.abs().max().ToDouble()), name);
    }
}
