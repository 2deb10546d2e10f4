using MimiiGen.Text;

namespace MimiiGen.Tests.Text;

public sealed class T5ConfigTests
{
    [Fact]
    public void AnOldConfigWithoutTheNewKeysIsT5OnePointZero()
    {
        var config = T5Config.Parse("""{"d_model": 768, "num_layers": 12, "n_positions": 512, "task_specific_params": {"summarization": {"num_beams": 4}}}""", "t5-base");

        Assert.Equal(768, config.DModel);
        Assert.Equal(12, config.DecoderLayers);
        Assert.Equal(T5Config.Relu, config.FeedForwardProj);
        Assert.True(config.ScalesDecoderOutputs);
    }

    [Fact]
    public void WhatIsWrittenIsReadBack()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("t5").FullName, "config.json");
        T5Config.SmallByteLevel.Write(path);

        Assert.Equal(T5Config.SmallByteLevel, T5Config.Read(path));
        Assert.Contains("\"d_model\": 128", File.ReadAllText(path), StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"d_model": 0}""")]
    [InlineData("""{"d_model": "wide"}""")]
    [InlineData("""{"feed_forward_proj": "gated-silu"}""")]
    [InlineData("""{"dropout_rate": 1.5}""")]
    [InlineData("""{"relative_attention_max_distance": 10}""")]
    public void AConfigThatCannotBeBuiltIsRefusedInOneLine(string json)
    {
        var refusal = Assert.Throws<BadInputException>(() => T5Config.Parse(json, "here"));
        Assert.StartsWith("here: ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
