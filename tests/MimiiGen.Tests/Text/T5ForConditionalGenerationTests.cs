using MimiiGen.Tests.Golden;
using MimiiGen.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Text;

public sealed class T5ForConditionalGenerationTests
{
    [Theory]
    [InlineData("t5v10")]
    [InlineData("flan")]
    [InlineData("byt5")]
    public void LogitsAndLossEqualTheReference(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = TinyT5.Model(name);

        var logits = model.call(TinyT5.Tensor($"{name}.input_ids"), TinyT5.Tensor($"{name}.attention_mask"), TinyT5.Tensor($"{name}.decoder_input_ids"));
        var loss = nn.functional.cross_entropy(logits.flatten(0, 1), TinyT5.Tensor($"{name}.labels").flatten(), ignore_index: -100);

        GoldenFile.AssertClose(TinyT5.Tensor($"{name}.logits"), logits, TinyT5.LogitsTolerance, name);
        Assert.Equal(TinyT5.Run(name).GetProperty("decoder").GetProperty("loss").GetDouble(), loss.ToDouble(), TinyT5.LogitsTolerance);
    }

    [Theory]
    [InlineData("t5v10")]
    [InlineData("flan")]
    [InlineData("byt5")]
    public void StepByStepGivesTheSameLogitsAsAtOnce(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = TinyT5.Model(name);
        var mask = TinyT5.Tensor($"{name}.attention_mask");
        var targets = TinyT5.Tensor($"{name}.decoder_input_ids");
        using var decoding = new T5Decoding(model, TinyT5.Tensor($"{name}.input_ids"), mask, beams: 1);

        for (var at = 0; at < targets.shape[1]; at++)
        {
            var next = tensor(decoding.Next(targets[TensorIndex.Colon, at].data<long>().ToArray(), asLogProbabilities: false), [4, model.Config.VocabSize]);
            GoldenFile.AssertClose(TinyT5.Tensor($"{name}.logits")[TensorIndex.Colon, at], next, TinyT5.LogitsTolerance, $"{name} step {at}");
        }
    }

    [Theory]
    [InlineData("t5v10")]
    [InlineData("flan")]
    [InlineData("byt5")]
    public void ParametersHaveThePublishedNamesAndShapes(string name)
    {
        using var model = TinyT5.Model(name);
        var published = TinyT5.Run(name).GetProperty("tensors").EnumerateArray().Select(entry => $"{entry[0]}{entry[1]}".Replace(" ", "", StringComparison.Ordinal));

        var actual = model.state_dict().Select(entry => $"{entry.Key}[{string.Join(',', entry.Value.shape)}]");

        Assert.Equal(published.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
    }
}
