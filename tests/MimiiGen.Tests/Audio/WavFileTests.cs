using MimiiGen.Audio;
using MimiiGen.Tests.Golden;
using TorchSharp;

namespace MimiiGen.Tests.Audio;

public sealed class WavFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("wav").FullName;

    public static TheoryData<string> Decoded => Cases("decode");

    public static TheoryData<string> Refused => Cases("refuse");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Decoded))]
    public void SoundFilesGiveTheirSamples(string name)
    {
        var expected = GoldenFile.Json("audio/wav-expected.json").GetProperty(name);
        var waveform = WavFile.Read(PathOf(name));
        var info = WavFile.ReadInfo(PathOf(name));

        Assert.Equal(expected.GetProperty("sample_rate").GetInt32(), waveform.SampleRate);
        Assert.Equal(expected.GetProperty("channels").GetInt32(), waveform.ChannelCount);
        Assert.Equal(expected.GetProperty("frames").GetInt32(), waveform.Length);
        Assert.Equal(new WavInfo(waveform.SampleRate, waveform.ChannelCount, expected.GetProperty("bits").GetInt32(), Codec(expected.GetProperty("codec").GetString()!), waveform.Length, Truncated: false), info);
        AssertSamples(name, waveform);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void MalformedFilesAreRefusedInOneLine(string name)
    {
        var refusal = Assert.Throws<BadInputException>(() => WavFile.Read(PathOf(name)));
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.Throws<BadInputException>(() => WavFile.ReadInfo(PathOf(name)));
    }

    [Theory]
    [InlineData("truncated-data", 32)]
    [InlineData("data-not-a-multiple-of-block-align", 10)]
    [InlineData("rf64-ds64-larger-than-file", 45)]
    [InlineData("huge-data-size", 20)]
    public void FilesThatEndEarlyGiveTheirWholeFrames(string name, int frames)
    {
        var waveform = WavFile.Read(PathOf(name));
        Assert.Equal(frames, waveform.Length);
        Assert.True(WavFile.ReadInfo(PathOf(name)).Truncated);
        if (name is "truncated-data" or "data-not-a-multiple-of-block-align") AssertSamples(name, waveform);
    }

    [Fact]
    public void SizesNeverFilledInMeanToTheEnd()
    {
        Assert.Equal(70, WavFile.Read(PathOf("streamed-size-0")).Length);
        Assert.False(WavFile.ReadInfo(PathOf("streamed-size-0")).Truncated);
    }

    [Fact]
    public void LongFormWithoutSizesIsRefused() =>
        Assert.Contains("ds64", Assert.Throws<BadInputException>(() => WavFile.Read(PathOf("rf64-without-ds64"))).Message, StringComparison.Ordinal);

    [Fact]
    public void NanAndInfinityArePassedOn()
    {
        var samples = WavFile.Read(PathOf("float32-nan-inf")).Channel(0);
        Assert.True(float.IsNaN(samples[7]));
        Assert.True(float.IsPositiveInfinity(samples[9]));
    }

    [Theory]
    [InlineData("pcm16-stereo-44k1", WavEncoding.Pcm16)]
    [InlineData("extensible-pcm16-8ch-16k", WavEncoding.Pcm16)]
    [InlineData("pcm24-mono-16k", WavEncoding.Pcm24)]
    [InlineData("float32-mono-24k", WavEncoding.Float32)]
    public void WhatIsWrittenIsReadBack(string name, WavEncoding encoding)
    {
        var waveform = WavFile.Read(PathOf(name));
        var path = Path.Combine(folder, "copy.wav");
        WavFile.Write(path, waveform, encoding);

        var copy = WavFile.Read(path);

        Assert.Equal(waveform.SampleRate, copy.SampleRate);
        Assert.Equal(waveform.Channels, copy.Channels);
        Assert.Single(Directory.GetFiles(folder));
    }

    [Fact]
    public void IntegersAreRoundedToEvenAndClipped()
    {
        var path = Path.Combine(folder, "a.wav");
        WavFile.Write(path, Waveform.Mono([2f, -2f, 0.5f / 32768, 1.5f / 32768, -2.5f / 32768, 1f], 16000));
        Assert.Equal([32767 / 32768f, -1f, 0f, 2 / 32768f, -2 / 32768f, 32767 / 32768f], WavFile.Read(path).Channel(0));
    }

    [Fact]
    public void NanIsNotWrittenAsAnInteger()
    {
        var path = Path.Combine(folder, "nan.wav");
        Assert.Throws<BadInputException>(() => WavFile.Write(path, Waveform.Mono([0f, float.NaN], 16000)));
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void PartsAreReadFromTheMiddle()
    {
        var whole = WavFile.Read(PathOf("pcm24-stereo-44k1"));
        var part = WavFile.ReadSegment(PathOf("pcm24-stereo-44k1"), 7, 20);
        Assert.Equal(whole.Channel(1)[7..27], part.Channel(1));
        Assert.Throws<BadInputException>(() => WavFile.ReadSegment(PathOf("pcm24-stereo-44k1"), 31, 20));
    }

    [Fact]
    public void MissingFilesAndFoldersAreRefused()
    {
        Assert.Throws<BadInputException>(() => WavFile.Read(Path.Combine(folder, "none.wav")));
        Assert.Throws<BadInputException>(() => WavFile.Read(folder));
    }

    private static string PathOf(string name) => GoldenFile.PathOf($"audio/wav/{name}.wav");

    private static WavCodec Codec(string name) => name switch
    {
        "pcm" => WavCodec.Pcm,
        "float" => WavCodec.Float,
        "alaw" => WavCodec.ALaw,
        _ => WavCodec.MuLaw,
    };

    private static void AssertSamples(string name, Waveform waveform)
    {
        using var scope = torch.NewDisposeScope();
        var expected = GoldenFile.Tensors("audio/wav-expected.safetensors")[name + ".float"];
        for (var c = 0; c < waveform.ChannelCount; c++)
            Assert.Equal(expected.select(1, c).to(torch.ScalarType.Float32).data<float>().ToArray(), waveform.Channel(c));
    }

    private static TheoryData<string> Cases(string verdict) =>
        [.. GoldenFile.Json("audio/wav-expected.json").EnumerateObject().Where(p => p.Value.GetProperty("expect").GetString() == verdict).Select(p => p.Name)];
}
