using MimiiGen.Audio;
using static MimiiGen.Tests.Audio.MadeNoise;

namespace MimiiGen.Tests.Audio;

public sealed class FineSpectrumTests
{
    private const int Rate = 16000;

    [Fact]
    public void ItHasABandEvery8Hertz()
    {
        Assert.Equal(1001, FineSpectrum.Bands(16000));
        Assert.Equal(1001, FineSpectrum.Measure(Noise(32000, 1), 16000).Length);
        Assert.Equal(1380, FineSpectrum.Bands(22050)); // 1378.1 spaces
    }

    [Fact]
    public void AToneLiesInTheTwoBandsAroundIt()
    {
        var tone = Tone(160000, 1002);

        var levels = FineSpectrum.Measure(tone, Rate);

        Assert.Equal(10 * Math.Log10(0.75), levels[125], 0.05); // 1000 Hz, 2 Hz away of 8
        Assert.Equal(10 * Math.Log10(0.25), levels[126], 0.05);
        Assert.True(levels[124] < -30 && levels[127] < -30);
    }

    [Fact]
    public void ImposedLevelsAreMeasuredAgain()
    {
        var clip = Noise(160000, 2);
        var wanted = FineSpectrum.Measure(Noise(160000, 3), Rate);
        for (var b = 0; b < wanted.Length; b++) wanted[b] += (float)(4 * Math.Sin(0.5 * b));

        var reached = FineSpectrum.Measure(FineSpectrum.Impose(clip, Rate, wanted), Rate);

        var offset = reached.Average() - wanted.Average(); // levels are relative to the whole
        for (var b = 0; b < wanted.Length; b++) Assert.Equal(wanted[b], reached[b] - offset, 0.6f);
    }

    [Fact]
    public void AHumStandsOutOfNoiseThatWasGivenItsSpectrum()
    {
        float[] hum = [.. Noise(160000, 4).Zip(Tone(160000, 248), (n, t) => n + (0.3f * t))];

        var given = FineSpectrum.Measure(FineSpectrum.Impose(Noise(160000, 5), Rate, FineSpectrum.Measure(hum, Rate)), Rate);

        Assert.True(given[31] > given[33] + 15 && given[31] > given[29] + 15, $"{given[29]}, {given[31]}, {given[33]} dB");
    }

    [Fact]
    public void ItsOwnSpectrumLeavesAClipAsItIs()
    {
        var clip = Noise(40000, 6);

        var same = FineSpectrum.Impose(clip, Rate, FineSpectrum.Measure(clip, Rate));

        for (var i = 0; i < clip.Length; i++) Assert.Equal(clip[i], same[i], 1e-4f);
    }

    [Fact]
    public void SilenceStaysSilence()
    {
        var silence = FineSpectrum.Impose(new float[16000], Rate, FineSpectrum.Measure(Noise(16000, 7), Rate));

        Assert.All(silence, x => Assert.Equal(0, x));
    }

    private static float[] Tone(int length, double frequency) => [.. Enumerable.Range(0, length).Select(i => (float)(0.1 * Math.Sin(2 * Math.PI * frequency * i / Rate)))];
}
