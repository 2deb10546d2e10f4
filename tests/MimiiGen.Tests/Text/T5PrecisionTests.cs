using MimiiGen.Tests.Golden;
using MimiiGen.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Text;

public sealed class T5PrecisionTests
{
    [Fact]
    public void ALayerThatOverflowsGoesOnInFloat32AndIsNamedOnce()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var exact = Overflowing("flan");
        using var half = Overflowing("flan");
        var told = new List<string>();
        half.Warn = told.Add;
        half.to(ScalarType.Float16);
        var (ids, mask) = (TinyT5.Tensor("flan.input_ids"), TinyT5.Tensor("flan.attention_mask"));
        var seen = mask.unsqueeze(-1);

        var expected = exact.Encode(ids, mask) * seen;
        var states = half.Encode(ids, mask) * seen;
        half.Encode(ids, mask);

        Assert.Contains("encoder.block.1.DenseReluDense", Assert.Single(told), StringComparison.Ordinal);
        Assert.Equal(ScalarType.Float16, states.dtype);
        GoldenFile.AssertClose(expected, states, 0.02, "states");
    }

    [Fact]
    public void ADecoderThatOverflowsOnItsWayStillWritesTheSame()
    {
        using var scope = NewDisposeScope();
        using var exact = Overflowing("flan");
        using var half = Overflowing("flan");
        var told = new List<string>();
        half.Warn = told.Add;
        half.to(ScalarType.Float16);
        using (no_grad())
        {
            var (ids, mask, target) = (TinyT5.Tensor("flan.input_ids"), TinyT5.Tensor("flan.attention_mask"), TinyT5.Tensor("flan.decoder_input_ids"));
            var expected = exact.call(ids, mask, target);
            using var stepwise = new T5Decoding(half, ids, mask, 1);
            for (var i = 0; i < (int)target.shape[1]; i++)
            {
                var logits = tensor(stepwise.Next(target[.., i].data<long>().ToArray(), asLogProbabilities: false)).view(4, -1);
                GoldenFile.AssertClose(expected[.., i], logits, 0.1, $"logits {i}");
            }
        }

        Assert.Equal(told.Distinct(), told);
        Assert.Contains(told, line => line.Contains("decoder.block.0.SelfAttention", StringComparison.Ordinal));
        Assert.Contains(told, line => line.Contains("decoder.block.1.EncDecAttention", StringComparison.Ordinal));
        Assert.Contains(told, line => line.Contains("decoder.block.1.DenseReluDense", StringComparison.Ordinal));
    }

    /// <summary>A model that some layers of add more than half precision holds, to a sum that the norms bring down again.</summary>
    private static T5ForConditionalGeneration Overflowing(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var model = TinyT5.Model(name);
        foreach (var (parameter, value) in model.state_dict())
            if (parameter is "encoder.block.1.layer.1.DenseReluDense.wo.weight" or "decoder.block.1.layer.2.DenseReluDense.wo.weight"
                or "decoder.block.0.layer.0.SelfAttention.o.weight" or "decoder.block.1.layer.1.EncDecAttention.o.weight")
                value.mul_(60_000);
        return model;
    }
}
