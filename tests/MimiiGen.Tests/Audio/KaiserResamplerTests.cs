using MimiiGen.Audio;
using MimiiGen.Tests.Golden;
using TorchSharp;

namespace MimiiGen.Tests.Audio;

public sealed class KaiserResamplerTests
{
    [Theory]
    [InlineData(16000, 24000)]
    [InlineData(24000, 16000)]
    [InlineData(16000, 32000)]
    [InlineData(32000, 16000)]
    [InlineData(16000, 44100)]
    [InlineData(44100, 16000)]
    [InlineData(16000, 48000)]
    [InlineData(48000, 24000)]
    public void MatchesTorchaudio(int from, int to)
    {
        using var scope = torch.NewDisposeScope();
        var golden = GoldenFile.Tensors("audio/resample.safetensors");
        var input = golden["input"].data<float>().ToArray();
        var actual = KaiserResampler.KaiserBest.Resample(input, from, to);
        GoldenFile.AssertClose(golden[$"{from}-{to}.kaiser"], torch.tensor(actual), 1e-7, $"{from}-{to}");
    }

    [Fact]
    public void SteepKeepsATrebleToneThatKaiserBestTakesAway()
    {
        var tone = Tone(7800, 16000, 16000);
        Assert.Equal(0, RoundTripLoss(KaiserResampler.Steep, tone), 0.01);
        Assert.True(RoundTripLoss(KaiserResampler.KaiserBest, tone) < -3);
    }

    [Fact]
    public void SteepDownwardsLeavesNoAlias()
    {
        var alias = KaiserResampler.Steep.Resample(Tone(8200, 24000, 24000), 24000, 16000);
        Assert.True(alias[2000..^2000].Max(Math.Abs) < 1e-5f);
    }

    [Fact]
    public void SameRateGivesACopy()
    {
        float[] samples = [1, 2, 3];
        var copy = KaiserResampler.Steep.Resample(samples, 16000, 16000);
        Assert.Equal(samples, copy);
        Assert.NotSame(samples, copy);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 2)]
    [InlineData(3, 5)]
    public void ShortInputsKeepTheLengthRule(int frames, int expected) =>
        Assert.Equal(expected, KaiserResampler.Steep.Resample(new float[frames], 16000, 24000).Length);

    [Fact]
    public void EveryChannelOfAWaveformIsResampled()
    {
        var waveform = new Waveform([Tone(440, 16000, 1600), Tone(880, 16000, 1600)], 16000);
        var up = KaiserResampler.Steep.Resample(waveform, 24000);
        Assert.Equal((24000, 2, 2400), (up.SampleRate, up.ChannelCount, up.Length));
        Assert.Equal(KaiserResampler.Steep.Resample(waveform.Channel(1), 16000, 24000), up.Channel(1));
    }

    private static float[] Tone(double frequency, int rate, int frames) =>
        [.. Enumerable.Range(0, frames).Select(i => (float)Math.Sin(2 * Math.PI * frequency * i / rate))];

    private static double RoundTripLoss(KaiserResampler resampler, float[] tone)
    {
        var back = resampler.Resample(resampler.Resample(tone, 16000, 24000), 24000, 16000)[2000..^2000];
        return 10 * Math.Log10(back.Sum(x => (double)x * x) / tone[2000..^2000].Sum(x => (double)x * x));
    }
}
