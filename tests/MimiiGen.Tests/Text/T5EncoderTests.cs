using MimiiGen.Tests.Golden;
using MimiiGen.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Text;

public sealed class T5EncoderTests
{
    [Theory]
    [InlineData("t5v10")]
    [InlineData("flan")]
    [InlineData("byt5")]
    public void OutputEqualsTheReferenceWherePaddingIsNot(string model)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var encoder = TinyT5.Encoder(model);
        var mask = TinyT5.Tensor($"{model}.attention_mask");
        var seen = mask.unsqueeze(-1);

        var actual = encoder.call(TinyT5.Tensor($"{model}.input_ids"), mask);

        GoldenFile.AssertClose(TinyT5.Tensor($"{model}.encoder.last_hidden_state") * seen, actual * seen, TinyT5.EncoderTolerance, model);
    }

    [Theory]
    [InlineData("t5v10")]
    [InlineData("flan")]
    [InlineData("byt5")]
    public void LongTextEqualsTheReference(string model)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var encoder = TinyT5.Encoder(model);
        var ids = TinyT5.Tensor($"{model}.long.input_ids");

        var actual = encoder.call(ids, ones_like(ids));

        GoldenFile.AssertClose(TinyT5.Tensor($"{model}.long.last_hidden_state.every5"), actual[.., TensorIndex.Slice(step: 5)], TinyT5.EncoderTolerance, model);
    }

    [Theory]
    [InlineData("t5v10")]
    [InlineData("flan")]
    [InlineData("byt5")]
    public void ParametersHaveThePublishedNamesAndShapes(string model)
    {
        using var encoder = TinyT5.Encoder(model);
        var published = TinyT5.Run(model).GetProperty("tensors").EnumerateArray()
            .Select(entry => $"{entry[0]} {entry[1]}".Replace(" ", "", StringComparison.Ordinal))
            .Where(entry => entry.StartsWith("shared", StringComparison.Ordinal) || entry.StartsWith("encoder", StringComparison.Ordinal));

        var actual = encoder.state_dict().Select(entry => $"{entry.Key}[{string.Join(',', entry.Value.shape)}]");

        Assert.Equal(published.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void RelativePositionsFallIntoTheReferenceBuckets()
    {
        var positions = TinyT5.Tensor("bucket.relative_position").data<long>().ToArray();
        Assert.Equal(TinyT5.Tensor("bucket.bidirectional").data<long>().ToArray(), positions.Select(p => (long)RelativePosition.Bucket((int)p, true, 32, 128)));
        Assert.Equal(TinyT5.Tensor("bucket.causal").data<long>().ToArray(), positions.Select(p => (long)RelativePosition.Bucket((int)p, false, 32, 128)));
    }

    [Theory]
    [InlineData(ScalarType.Float64, 5e-5)]
    [InlineData(ScalarType.BFloat16, 0.1)]
    [InlineData(ScalarType.Float16, 0.02)]
    public void OtherPrecisionsStayNear(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var encoder = TinyT5.Encoder("flan");
        var mask = TinyT5.Tensor("flan.attention_mask");
        var seen = mask.unsqueeze(-1);

        encoder.to(type);
        var actual = encoder.call(TinyT5.Tensor("flan.input_ids"), mask);

        Assert.Equal(type, actual.dtype);
        GoldenFile.AssertClose(TinyT5.Tensor("flan.encoder.last_hidden_state") * seen, actual * seen, tolerance, $"{type}");
    }

    [Fact]
    public void HiddenStatesBeyondFloat16StayFinite()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var encoder = TinyT5.Encoder("flan");
        foreach (var (name, value) in encoder.state_dict())
            if (name.EndsWith("wo.weight", StringComparison.Ordinal))
                value.mul_(30_000);

        encoder.to(ScalarType.Float16);

        Assert.True(encoder.call(TinyT5.Tensor("flan.input_ids"), TinyT5.Tensor("flan.attention_mask")).isfinite().all().ToBoolean());
    }

    [Fact]
    public void ItLearns()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        using var encoder = new T5Encoder(T5Config.SmallByteLevel with { NumLayers = 1 });
        encoder.train();
        using var optimizer = optim.Adam(encoder.parameters(), 1e-3);
        using var batch = CaptionBatch.Create(new ByteTokenizer(), ["a fan", "a valve with anomaly"], 64);
        var target = tensor(new float[] { 1, -1 });
        var losses = new List<double>();
        for (var step = 0; step < 30; step++)
        {
            using var each = NewDisposeScope();
            optimizer.zero_grad();
            var loss = nn.functional.mse_loss(encoder.call(batch.InputIds, batch.AttentionMask)[TensorIndex.Colon, 0].mean([1]), target);
            loss.backward();
            optimizer.step();
            losses.Add(loss.ToDouble());
        }

        Assert.All(encoder.named_parameters(), p => Assert.True(p.parameter.grad is not null, p.name));
        Assert.True(losses[^1] < 0.1 * losses[0], $"{losses[0]} -> {losses[^1]}");
    }
}
