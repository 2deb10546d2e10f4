using MimiiGen.Tests.Golden;
using MimiiGen.Text;

namespace MimiiGen.Tests.Text;

/// <summary>Every published size is built as published; weights that are never written to take no memory.</summary>
public sealed class PublishedSizesTests
{
    [Theory]
    [InlineData("flan-t5-small")]
    [InlineData("flan-t5-base")]
    [InlineData("flan-t5-large")]
    [InlineData("flan-t5-xl")]
    public void NamesShapesAndCountsAreThePublished(string name)
    {
        var published = GoldenFile.Json("t5/names.json").GetProperty(name);
        var config = T5Config.Parse(published.GetProperty("config").GetRawText(), name);

        using var model = T5InitialWeights.Unset(() => new T5ForConditionalGeneration(config));
        using var encoder = T5InitialWeights.Unset(() => new T5Encoder(config));

        Assert.Equal(published.GetProperty("parameters").GetInt64(), model.parameters().Sum(p => p.numel()));
        Assert.Equal(published.GetProperty("encoder_parameters").GetInt64(), encoder.parameters().Sum(p => p.numel()));
        Assert.Equal(
            published.GetProperty("tensors").EnumerateArray().Select(entry => $"{entry[0]}{entry[1]}".Replace(" ", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            model.state_dict().Select(entry => $"{entry.Key}[{string.Join(',', entry.Value.shape)}]").Order(StringComparer.Ordinal));
    }
}
