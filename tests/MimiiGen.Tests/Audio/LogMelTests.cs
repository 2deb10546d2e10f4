using System.Globalization;
using MimiiGen.Audio;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Audio;

public sealed class LogMelTests
{
    [Theory]
    [InlineData("fan")]
    [InlineData("valve")]
    public void DcaseMatchesTheReference(string input)
    {
        using var scope = NewDisposeScope();
        GoldenFile.AssertClose(Expected()[$"dcase.{input}.log_mel_db"].T, LogMel.Dcase().Compute(Samples(input)), 1e-5, input);
    }

    [Fact]
    public void Mimii2019MatchesTheReference()
    {
        using var scope = NewDisposeScope();
        GoldenFile.AssertClose(Expected()["mimii2019.fan.log_mel_db"].T, LogMel.Mimii2019().Compute(Samples("fan")), 1e-5, "mimii2019");
    }

    [Fact]
    public void SilenceLiesAtTheFloor()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(-156.53559774527022, LogMel.Dcase().Compute(new float[2048]).max().ToDouble(), 1e-5);
        Assert.Equal(-156.53559774527022, LogMel.Mimii2019().Compute(new float[2048]).max().ToDouble(), 1e-5);
        Assert.Equal(-1.4025850929940458, LogMel.EfficientAt().Compute(new float[32000]).max().ToDouble(), 1e-6);
        Assert.Equal(-100, LogMel.Clap().Compute(new float[4800]).max().ToDouble(), 1e-5);
    }

    [Fact]
    public void ShortClipsGiveAsManyFramesAsTheReference()
    {
        using var scope = NewDisposeScope();
        var logMel = LogMel.Dcase();
        foreach (var clip in GoldenFile.Json("audio/audio.json").GetProperty("log_mel").GetProperty("short_clips").EnumerateObject())
        {
            var samples = int.Parse(clip.Name, CultureInfo.InvariantCulture);
            var frames = clip.Value.GetProperty("frames").GetInt32();
            Assert.Equal(frames, logMel.Frames(samples));
            Assert.Equal([frames, 128], logMel.Compute(new float[samples]).shape);
        }
    }

    [Fact]
    public void FrameCountsOfTheEmbeddingNetworks()
    {
        Assert.Equal(1000, LogMel.EfficientAt().Frames(320000));
        Assert.Equal(998, LogMel.Vggish().Frames(160000));
        Assert.Equal(1001, LogMel.Panns().Frames(320000));
        Assert.Equal(1001, LogMel.Panns16k().Frames(160000));
        Assert.Equal(1001, LogMel.Clap().Frames(480000));
    }

    [Fact]
    public void TheShortestInputGivesOneFrame()
    {
        using var scope = NewDisposeScope();
        foreach (var logMel in new[] { LogMel.Dcase(), LogMel.EfficientAt(), LogMel.Vggish(), LogMel.Panns(), LogMel.Clap() })
        {
            Assert.Equal(logMel.Frames(logMel.ShortestInput), logMel.Compute(new float[logMel.ShortestInput]).shape[0]);
            Assert.Throws<BadInputException>(() => logMel.Compute(new float[logMel.ShortestInput - 1]));
        }
    }

    private static Dictionary<string, Tensor> Expected() => GoldenFile.Tensors("audio/log-mel.safetensors");

    private static float[] Samples(string name) => GoldenFile.Tensors("audio/inputs.safetensors")[name].data<float>().ToArray();
}
