using System.Globalization;
using MimiiGen.Text;

namespace MimiiGen.Tests.Text;

public sealed class LogitFiltersTests
{
    [Theory]
    [InlineData("minlength6")]
    [InlineData("minlength7")]
    [InlineData("norepeat2")]
    [InlineData("norepeat3")]
    [InlineData("repetition1.3")]
    [InlineData("temperature0.7")]
    [InlineData("top_k1")]
    [InlineData("top_k3")]
    [InlineData("top_k24")]
    [InlineData("top_k100")]
    [InlineData("top_p0.01")]
    [InlineData("top_p0.5")]
    [InlineData("top_p0.9")]
    public void EachEqualsTheReference(string filter)
    {
        var at = filter.IndexOfAny([.. "0123456789"]);
        var value = double.Parse(filter[at..], CultureInfo.InvariantCulture);
        var logits = TinyT5.Tensor("filter.logits").data<float>().ToArray().Chunk(24).ToArray();
        var texts = TinyT5.Tensor("filter.sequences").data<long>().ToArray().Chunk(6).ToArray();
        var expected = TinyT5.Tensor($"filter.{filter}").data<float>().ToArray().Chunk(24).ToArray();

        for (var row = 0; row < 4; row++)
        {
            switch (filter[..at])
            {
                case "minlength": LogitFilters.Apply(logits[row], texts[row], new GenerationOptions { MinLength = (int)value }, eos: 1); break;
                case "norepeat": LogitFilters.RepeatedNgrams(logits[row], texts[row], (int)value); break;
                case "repetition": LogitFilters.Repetition(logits[row], texts[row], (float)value); break;
                case "temperature": LogitFilters.Temperature(logits[row], (float)value); break;
                case "top_k": LogitFilters.TopK(logits[row], (int)value); break;
                default: LogitFilters.TopP(logits[row], value); break;
            }

            Assert.Equal(expected[row], logits[row], (a, b) => a == b || MathF.Abs(a - b) < 1e-6);
        }
    }
}
