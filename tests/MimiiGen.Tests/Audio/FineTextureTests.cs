using MimiiGen.Audio;
using static MimiiGen.Tests.Audio.MadeNoise;

namespace MimiiGen.Tests.Audio;

public sealed class FineTextureTests
{
    private const int Rate = 16000;

    [Fact]
    public void AShortClipHasNoVariationAndAVeryShortOneNothing()
    {
        Assert.Null(FineTexture.Measure(Noise(3999, 1), Rate));
        Assert.Null(FineTexture.Measure(Noise(31999, 1), Rate)!.Variation);
        var whole = FineTexture.Measure(Noise(32000, 1), Rate)!;
        Assert.Equal(FineSpectrum.Measure(Noise(32000, 1), Rate), whole.Spectrum);
        Assert.Equal(FineVariation.Measure(Noise(32000, 1), Rate), whole.Variation);
    }

    [Fact]
    public void TheSpectrumIsSetLastSoThatItIsRight()
    {
        var beeping = Noise(10 * Rate, 2);
        for (var i = 0; i < beeping.Length; i++) beeping[i] += i % (4 * Rate) < Rate / 3 ? (float)(0.1 * Math.Sin(2 * Math.PI * 0.25 * i)) : 0; // 4 kHz
        var wanted = FineTexture.Measure(beeping, Rate)!;

        var made = Enumerable.Range(0, 6).Select(i => FineTexture.Measure(wanted.Impose(Noise(10 * Rate, 3), Rate, Chance(4 + (ulong)i)), Rate)!).ToArray();

        foreach (var texture in made) Assert.Equal(wanted.Spectrum[500] - wanted.Spectrum[480], texture.Spectrum[500] - texture.Spectrum[480], 2f);
        var still = FineTexture.Measure((wanted with { Variation = null }).Impose(Noise(10 * Rate, 3), Rate, Chance(4)), Rate)!;
        Assert.Equal(made[0].Spectrum[500], still.Spectrum[500], 1f);
        Assert.True(made.Average(m => m.Variation![500]) > still.Variation![500] + 2, $"{wanted.Variation![500]}, {string.Join(' ', made.Select(m => m.Variation![500]))}, {still.Variation[500]} dB");
    }

    [Fact]
    public void AVeryShortClipStaysAsItIs()
    {
        var clip = Noise(3000, 5);

        Assert.Equal(clip, FineTexture.Measure(Noise(Rate, 6), Rate)!.Impose(clip, Rate, Chance(7)));
    }

}
