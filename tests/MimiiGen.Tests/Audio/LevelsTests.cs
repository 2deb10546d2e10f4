using MimiiGen.Audio;
using MimiiGen.Tests.Golden;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Audio;

public sealed class LevelsTests
{
    [Theory]
    [InlineData("fan")]
    [InlineData("valve")]
    public void MomentsMatchTheReference(string input)
    {
        var golden = GoldenFile.Json("audio/audio.json").GetProperty("spectral").GetProperty($"kurtosis.{input}");
        var samples = Input(input);
        Assert.Equal(golden.GetProperty("rms_db").GetDouble(), Levels.Rms(samples), 1e-9);
        Assert.Equal(golden.GetProperty("crest_factor_db").GetDouble(), Levels.CrestFactor(samples), 1e-9);
        Assert.Equal(golden.GetProperty("excess_scipy_kurtosis").GetDouble(), Levels.ExcessKurtosis(samples), 1e-9 * 174);
    }

    [Fact]
    public void ThirdOctavesMatchTheReference()
    {
        var golden = GoldenFile.Json("audio/audio.json").GetProperty("third_octave");
        var bands = Levels.ThirdOctaveBands(Input("fan"), 16000);
        var centres = golden.GetProperty("centres_hz").EnumerateArray().Select(e => e.GetDouble()).ToArray();
        var levels = golden.GetProperty("levels_db_fan").EnumerateArray().Select(e => e.GetDouble()).ToArray();
        Assert.Equal(centres.Length, bands.Count);
        for (var b = 0; b < bands.Count; b++)
        {
            Assert.Equal(centres[b], bands[b].Centre, 1e-9);
            Assert.Equal(levels[b], bands[b].Decibels, 1e-8);
        }
    }

    [Fact]
    public void AToneIsFoundInItsOctave()
    {
        var bands = Levels.OctaveBands(Tone(1000, 16000, 32000), 16000);
        Assert.Equal([63, 126, 251, 501, 1000, 1995, 3981, 7943], bands.Select(b => (int)Math.Round(b.Centre)));
        Assert.Equal(-3.0103, bands[4].Decibels, 1e-4);
        Assert.All(bands.Where(b => Math.Round(b.Centre) != 1000), b => Assert.True(b.Decibels < -60));
    }

    [Fact]
    public void OctavesAreCutAtHalfTheSampleRate()
    {
        Assert.Equal(-3.0103, Levels.OctaveBands(Tone(7900, 16000, 32000), 16000)[^1].Decibels, 1e-3);
        Assert.Equal(3981, Math.Round(Levels.OctaveBands(Tone(3000, 8000, 8000), 8000)[^1].Centre));
    }

    [Fact]
    public void SilenceReadsAsTheFloor()
    {
        var silence = new float[8000];
        Assert.Equal(Levels.Floor, Levels.Rms(silence));
        Assert.Equal(Levels.Floor, Levels.Rms([]));
        Assert.Equal(Levels.Floor, Levels.Peak(silence));
        Assert.All(Levels.OctaveBands(silence, 16000), b => Assert.Equal(Levels.Floor, b.Decibels));
        Assert.All(Levels.OctaveBands([], 16000), b => Assert.Equal(Levels.Floor, b.Decibels));
    }

    [Fact]
    public void MelBandsAreTheMeanOverTime()
    {
        using var scope = NewDisposeScope();
        var logMel = LogMel.Dcase();
        var expected = logMel.Compute(Input("fan")).mean([0]);
        GoldenFile.AssertClose(expected, tensor(Levels.MelBands(Input("fan"), logMel)), 0, "mel bands");
    }

    private static float[] Tone(double frequency, int rate, int frames) =>
        [.. Enumerable.Range(0, frames).Select(i => (float)Math.Sin(2 * Math.PI * frequency * i / rate))];

    private static float[] Input(string name) => GoldenFile.Tensors("audio/inputs.safetensors")[name].data<float>().ToArray();
}
