using MimiiGen.Audio;
using MimiiGen.Evaluation;

namespace MimiiGen.Tests.Evaluation;

public sealed class MelProfilesTests
{
    private const int Rate = 16000;

    [Fact]
    public void ASetIsAsVariedAsItself()
    {
        using var noise = MelProfiles.Of([Noise(1, _ => 1), Noise(2, _ => 1)]);

        Assert.All(noise.VarianceRatioTo(noise), r => Assert.Equal(1, r, 1e-12));
    }

    [Fact]
    public void StepsOfTwentyDecibelsAddAHundredToTheVariance()
    {
        using var steady = MelProfiles.Of([Noise(1, _ => 1)]);
        using var stepped = MelProfiles.Of([Noise(1, i => i < 80000 ? 0.1 : 1)]);

        var before = steady.Variances.mean([0L]).data<double>().ToArray();
        var ratio = stepped.VarianceRatioTo(steady);

        for (var band = 0; band < ratio.Length; band++) Assert.InRange(ratio[band] * before[band], 0.9 * (before[band] + 100), 1.1 * (before[band] + 100)); // levels 20 dB apart, half of the time each: 10² dB² more
    }

    [Fact]
    public void ASmootherSetIsBelowOne()
    {
        using var noise = MelProfiles.Of([Noise(1, _ => 1)]);
        using var tones = MelProfiles.Of([Waveform.Mono([.. Enumerable.Range(0, 160000).Select(i => (float)(0.1 * Math.Sin(2 * Math.PI * 1000 * i / Rate)))], Rate)]);

        Assert.InRange(tones.VarianceRatioTo(noise).Min(), 0, 0.01);
    }

    private static Waveform Noise(int seed, Func<int, double> gain)
    {
        var chance = new Random(seed);
        return Waveform.Mono([.. Enumerable.Range(0, 160000).Select(i => (float)(gain(i) * 0.3 * (chance.NextDouble() - 0.5)))], Rate);
    }
}
