using MimiiGen.Audio;
using MimiiGen.Diffusion;
using static MimiiGen.Tests.Audio.MadeNoise;

namespace MimiiGen.Tests.Audio;

public sealed class NoiseSubstitutionTests
{
    private const int Rate = 16000;
    private const double Above = 3187.5;

    [Theory]
    [InlineData(16000, 16000)]
    [InlineData(33333, 16000)]
    [InlineData(44100, 22050)]
    [InlineData(8000, 8000)]
    public void WhatLiesBelowIsTheSame(int length, int rate)
    {
        var clip = Noise(length, 1);

        var changed = NoiseSubstitution.Run(clip, rate, Above, Chance(2));

        Assert.Equal(length, changed.Length);
        Assert.True(Difference(Band(clip, rate, 0, 3050), Band(changed, rate, 0, 3050)) < -40);
        Assert.True(Difference(Band(clip, rate, 3300, rate / 2.0), Band(changed, rate, 3300, rate / 2.0)) > 0, "what lies above is another noise");
    }

    [Fact]
    public void TheNoiseHasTheLevelsOfWhatItReplaces()
    {
        var clip = Coloured(160000, 3);

        var changed = NoiseSubstitution.Run(clip, Rate, Above, Chance(4));

        foreach (var (a, b) in Levels.ThirdOctaveBands(clip, Rate).Zip(Levels.ThirdOctaveBands(changed, Rate))) Assert.Equal(a.Decibels, b.Decibels, 0.25);
    }

    [Fact]
    public void ItFollowsASwell()
    {
        var clip = Noise(160000, 5);
        for (var i = 0; i < clip.Length; i++) clip[i] *= 1 + (4f * i / clip.Length); // 14 dB in 10 s

        var changed = NoiseSubstitution.Run(clip, Rate, Above, Chance(6));

        for (var second = 0; second < 10; second++)
            Assert.Equal(High(clip, second * Rate, Rate), High(changed, second * Rate, Rate), 0.7);
    }

    [Fact]
    public void WhatRepeatsWithinIsGone()
    {
        var clip = Noise(160000, 7);
        for (var i = clip.Length - 1; i >= 640; i--) clip[i] += clip[i - 640]; // 40 ms, as the codec's shared latents give it back

        var changed = NoiseSubstitution.Run(clip, Rate, Above, Chance(8));

        Assert.True(Repeated(Band(clip, Rate, 3300, 8000), 640) > 0.45);
        Assert.InRange(Repeated(Band(changed, Rate, 3300, 8000), 640), -0.05, 0.15);
    }

    [Fact]
    public void ClicksStayWhereTheyAre()
    {
        var clip = Noise(80000, 9);
        for (var i = 0; i < 160; i++) clip[40000 + i] *= 30;

        var changed = NoiseSubstitution.Run(clip, Rate, Above, Chance(10));

        Assert.True(Difference(Band(clip, Rate, 3300, 8000)[39900..40260], Band(changed, Rate, 3300, 8000)[39900..40260]) < -20);
        Assert.True(Difference(Band(clip, Rate, 3300, 8000)[60000..70000], Band(changed, Rate, 3300, 8000)[60000..70000]) > 0, "noise far from it is another");
        Assert.Equal(High(clip, 60000, 10000), High(changed, 60000, 10000), 0.7);
    }

    [Fact]
    public void ASilentMomentStaysSilent()
    {
        var clip = Noise(80000, 11);
        Array.Clear(clip, 40000, 16000);

        var changed = NoiseSubstitution.Run(clip, Rate, Above, Chance(12));

        Assert.True(Levels.Rms(changed.AsSpan(44000, 8000)) < -90);
    }

    [Fact]
    public void SilenceStaysSilence() => Assert.All(NoiseSubstitution.Run(new float[32000], Rate, Above, Chance(1)), x => Assert.InRange(x, -1e-9, 1e-9));

    [Theory]
    [InlineData(1024, Above)]
    [InlineData(10, Above)]
    [InlineData(0, Above)]
    [InlineData(16000, 8000.1)]
    public void WhereThereIsNothingToReplaceTheClipStaysAsItIs(int length, double above)
    {
        var clip = Noise(length, 13);

        Assert.Equal(clip, NoiseSubstitution.Run(clip, Rate, above, Chance(1)));
    }

    [Fact]
    public void TheSameNoiseMakesTheSameClip()
    {
        var clip = Noise(32000, 14);

        Assert.Equal(NoiseSubstitution.Run(clip, Rate, Above, Chance(15)), NoiseSubstitution.Run(clip, Rate, Above, Chance(15)));
        Assert.NotEqual(NoiseSubstitution.Run(clip, Rate, Above, Chance(15)), NoiseSubstitution.Run(clip, Rate, Above, Chance(16)));
    }

    [Fact]
    public void WhereALongClipBeginsChangesNothingLater()
    {
        var clip = Coloured(50 * Rate, 17);
        for (var i = 0; i < 160; i++) clip[(33 * Rate) + i] *= 30;
        const int Later = 256 * 500; // 8 s in frames of 64 ms, a quarter of it apart

        var changed = NoiseSubstitution.Run(clip, Rate, Above, Chance(18));
        var later = NoiseSubstitution.Run(clip.AsSpan(Later), Rate, Above, count => ClipNoise.Normal(18, 0, Later + count)[Later..]);

        Assert.True(Difference(changed[(Later + (5 * Rate))..], later[(5 * Rate)..]) < -110);
    }

    [Fact]
    public void AFrequencyBelowZeroIsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => NoiseSubstitution.Run(new float[16000], Rate, -1, Chance(1)));

    /// <summary>Noise that falls by about 20 dB from 0 Hz to 8 kHz.</summary>
    private static float[] Coloured(int length, ulong seed)
    {
        var noise = Noise(length, seed);
        for (var i = noise.Length - 1; i > 0; i--) noise[i] += 0.8f * noise[i - 1];
        return noise;
    }

    /// <summary>Level in dB of a stretch above 3.3 kHz.</summary>
    private static double High(float[] samples, int from, int count) => Levels.Rms(Band(samples, Rate, 3300, 8000).AsSpan(from, count));

    /// <summary>Autocorrelation at a lag, of that at 0.</summary>
    private static double Repeated(float[] samples, int lag) => samples.Skip(lag).Zip(samples, (x, y) => (double)x * y).Sum() / samples.Sum(x => (double)x * x);
}
