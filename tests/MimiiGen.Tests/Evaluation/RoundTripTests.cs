using MimiiGen.Audio;
using MimiiGen.Codec;
using MimiiGen.Evaluation;
using MimiiGen.Generation;
using MimiiGen.Tests.Training;

namespace MimiiGen.Tests.Evaluation;

public sealed class RoundTripTests
{
    private static readonly Waveform Clip = Waveform.Mono(TinyRecordings.Sound(1, seconds: 0.7), TinyRecordings.SampleRate);

    [Fact]
    public void ResampledTwiceAClipIsNearlyItself()
    {
        var copy = RoundTrip.Resampled(Clip, 24000);

        Assert.Equal((Clip.Length, Clip.SampleRate), (copy.Length, copy.SampleRate));
        Assert.True(Snr(Clip, copy) > 20, $"{Snr(Clip, copy)} dB");
    }

    [Fact]
    public void ThroughTheCodecItKeepsItsLengthItsPhaseAndNearlyItsLevel()
    {
        using var codec = new EncodecModel(TinyNetworks.Codec with { NumFilters = 16, HiddenSize = 128 });
        LappedStart.Apply(codec, seed: 1, highest: 8000);
        codec.eval();
        var low = Waveform.Mono(LowPassed(Clip.Channel(0)), Clip.SampleRate);

        var copy = RoundTrip.Coded(low, codec, SoundModelConfig.Read(RepositoryFolder.Of("models/default/config.json")), seed: 1);

        Assert.Equal((low.Length, low.SampleRate), (copy.Length, copy.SampleRate));
        Assert.Equal(Levels.Rms(low.Channel(0)), Levels.Rms(copy.Channel(0)), 0.5);
        Assert.True(Snr(low, copy) > 8, $"{Snr(low, copy)} dB");
    }

    private static float[] LowPassed(float[] samples)
    {
        var (slow, result) = (0.0, new float[samples.Length]);
        for (var i = 0; i < samples.Length; i++) result[i] = (float)(slow += 0.1 * (samples[i] - slow));
        return result;
    }

    private static double Snr(Waveform original, Waveform copy)
    {
        var (a, b) = (original.Channel(0), copy.Channel(0));
        return 10 * Math.Log10(a.Sum(x => (double)x * x) / a.Zip(b, (x, y) => Math.Pow(x - y, 2)).Sum());
    }
}
