using System.Text.Json;
using MimiiGen.Audio;
using MimiiGen.Tests.Golden;

namespace MimiiGen.Tests.Audio;

public sealed class LoudnessTests
{
    private static JsonElement Golden => GoldenFile.Json("audio/audio.json").GetProperty("loudness");

    private static Waveform Fan => WavFile.Read(GoldenFile.PathOf("audio/fan-10s.wav"));

    [Fact]
    public void FiltersMatchTheReference()
    {
        var golden = Golden.GetProperty("k_weighting_coefficients_DeMan_16k");
        var sections = Loudness.KWeighting(16000);
        AssertSection(golden.GetProperty("high_shelf_DeMan"), sections[0]);
        AssertSection(golden.GetProperty("high_pass_DeMan"), sections[1]);
    }

    [Fact]
    public void LoudnessMatchesTheReference()
    {
        var golden = Golden.GetProperty("with_the_itu_48k_table");
        Assert.Equal(golden.GetProperty("pyloudnorm_filter_class_DeMan_fan_16k").GetDouble(), Loudness.Integrated(Fan), 1e-6);
        var sine = Waveform.Mono(Tone(997, 48000, 5 * 48000), 48000);
        Assert.Equal(golden.GetProperty("pyloudnorm_filter_class_DeMan_sine").GetDouble(), Loudness.Integrated(sine), 1e-6);
    }

    [Fact]
    public void SilentPartsAreGatedAway()
    {
        var fan = Fan.Channel(0);
        var halfSilent = Waveform.Mono([.. fan, .. new float[fan.Length]], 16000);
        Assert.Equal(Loudness.Integrated(Fan), Loudness.Integrated(halfSilent), 0.1);
        Assert.Equal(double.NegativeInfinity, Loudness.Integrated(Waveform.Mono(new float[16000], 16000)));
    }

    [Fact]
    public void ChannelsAddUpAndSurroundsWeighMore()
    {
        var fan = Fan.Channel(0);
        var mono = Loudness.Integrated(Fan);
        var silence = new float[fan.Length];
        Assert.Equal(mono + (10 * Math.Log10(2)), Loudness.Integrated(new Waveform([fan, fan], 16000)), 1e-3);
        Assert.Equal(mono + (10 * Math.Log10(1.41)), Loudness.Integrated(new Waveform([silence, silence, silence, fan, silence], 16000)), 1e-3);
    }

    [Fact]
    public void TooShortIsRefused() =>
        Assert.Throws<BadInputException>(() => Loudness.Integrated(Waveform.Mono(new float[6399], 16000)));

    [Fact]
    public void TruePeakLiesBetweenTheSamples()
    {
        // a quarter-rate sine whose samples all miss its crest, faded in and out
        const int n = 4096;
        var sine = Enumerable.Range(0, n).Select(i => (float)(Math.Sin((Math.PI / 2 * i) + (Math.PI / 4)) * Math.Min(1, Math.Min(i, n - i) / 500.0))).ToArray();
        Assert.Equal(-3.0103, Levels.Peak(sine), 1e-3);
        Assert.Equal(0, Loudness.TruePeak(sine, 16000), 1e-2);
    }

    [Fact]
    public void TruePeakOfARecordingMatchesTheReference()
    {
        var golden = Golden.GetProperty("true_peak").GetProperty("fan_10s");
        Assert.Equal(golden.GetProperty("true_peak_4x_scipy_resample_poly_dBTP").GetDouble(), Loudness.TruePeak(Fan.Channel(0), 16000), 1e-2);
    }

    private static void AssertSection(JsonElement expected, Biquad section)
    {
        var b = expected.GetProperty("b");
        var a = expected.GetProperty("a");
        Assert.Equal(b[0].GetDouble(), section.B0, 1e-12);
        Assert.Equal(b[1].GetDouble(), section.B1, 1e-12);
        Assert.Equal(b[2].GetDouble(), section.B2, 1e-12);
        Assert.Equal(a[1].GetDouble(), section.A1, 1e-12);
        Assert.Equal(a[2].GetDouble(), section.A2, 1e-12);
    }

    private static float[] Tone(double frequency, int rate, int frames) =>
        [.. Enumerable.Range(0, frames).Select(i => (float)Math.Sin(2 * Math.PI * frequency * i / rate))];
}
