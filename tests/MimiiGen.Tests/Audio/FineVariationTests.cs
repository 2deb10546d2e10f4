using MimiiGen.Audio;
using MimiiGen.Tests.Evaluation;
using static MimiiGen.Tests.Audio.MadeNoise;

namespace MimiiGen.Tests.Audio;

public sealed class FineVariationTests
{
    private const int Rate = 16000;
    private const int TenSeconds = 10 * Rate;
    private const int Tone = 125; // 1000 Hz

    [Fact]
    public void ItHasABandEvery8Hertz()
    {
        Assert.Equal(1001, FineVariation.Bands(16000));
        Assert.Equal(1001, FineVariation.Measure(Noise(2 * Rate, 1), 16000).Length);
        Assert.Equal(1379, FineVariation.Bands(22050));
        Assert.Equal(1379, FineVariation.Measure(Noise(44100, 1), 22050).Length);
    }

    /// <summary>The same numbers from the definition, by NumPy: rfft of 4000 samples under a periodic Hann window every 1000, reflected by 4000 at either end.</summary>
    [Fact]
    public void ARecordingHasTheVariationThatTheDefinitionGives()
    {
        var recording = WavFile.Read(RepositoryFolder.Of("samples/0_dB_fan/fan/id_00/normal/00000005.wav"));

        var variation = FineVariation.Measure(recording.Channel(0), recording.SampleRate);

        foreach (var (band, right) in new[] { (1, 4.216), (8, 3.539), (17, 3.575), (100, 4.092), (182, 3.643), (314, 5.339), (500, 3.332), (764, 6.942), (765, 5.666), (900, 3.476), (999, 3.443) })
            Assert.Equal(right, variation[band], 0.002);
    }

    [Fact]
    public void NoiseHasWhatTheRemarksSay()
    {
        var inner = FineVariation.Measure(Noise(TenSeconds, 2), Rate)[1..^1];

        Assert.Equal(3.43, inner.Average(), 0.05);
        Assert.Equal(0.26, Math.Sqrt(inner.Average(x => Math.Pow(x - inner.Average(), 2))), 0.05);
    }

    [Fact]
    public void AToneIsSteadyAndABeepIsNot()
    {
        var humming = FineVariation.Measure(Noise(TenSeconds, 3).Zip(Sine(_ => 1), (n, s) => n + s).ToArray(), Rate);
        var beeping = FineVariation.Measure(Noise(TenSeconds, 3).Zip(Sine(Beeps), (n, s) => n + s).ToArray(), Rate);

        Assert.True(humming[Tone] < 1.2 && beeping[Tone] > 6, $"{humming[Tone]}, {beeping[Tone]} dB");
        Assert.InRange(humming[Tone + 20], 2.4, 4.4);
        Assert.InRange(beeping[Tone + 20], 2.4, 4.4);
    }

    [Fact]
    public void ABlowThroughAllBandsIsNotCounted()
    {
        var clip = Noise(TenSeconds, 4);
        for (var i = 4 * Rate; i < 5 * Rate; i++) clip[i] *= 10;

        Assert.Equal(3.43, FineVariation.Measure(clip, Rate)[1..^1].Average(), 0.1);
    }

    [Fact]
    public void AWaveringHumIsMadeSteady()
    {
        float[] steady = [.. Noise(TenSeconds, 5).Zip(Sine(_ => 1), (n, s) => n + s)];
        float[] wavering = [.. Noise(TenSeconds, 6).Zip(Sine(t => 1 + (0.4 * Math.Sin(2 * Math.PI * 0.6 * t))), (n, s) => n + s)];
        var wanted = FineVariation.Measure(steady, Rate);

        var made = FineVariation.Measure(FineVariation.Impose(wavering, Rate, wanted, Chance(7)), Rate);

        Assert.True(FineVariation.Measure(wavering, Rate)[Tone] > wanted[Tone] + 1.5, $"{FineVariation.Measure(wavering, Rate)[Tone]} dB");
        Assert.Equal(wanted[Tone], made[Tone], 0.3f);
    }

    [Fact]
    public void NoiseIsGivenBeeps()
    {
        var wanted = FineVariation.Measure([.. Noise(TenSeconds, 8).Zip(Sine(Beeps), (n, s) => n + s)], Rate);
        int[] bands = [.. Enumerable.Range(1, wanted.Length - 2).Where(b => wanted[b] > 5.2)];

        var clips = Enumerable.Range(0, 8).Select(i => FineVariation.Impose(Noise(TenSeconds, 9 + (ulong)i), Rate, wanted, Chance(30 + (ulong)i))).ToArray();

        Assert.InRange(bands.Length, 2, 12);
        var made = clips.Select(c => FineVariation.Measure(c, Rate)).ToArray();
        foreach (var b in bands) Assert.InRange(made.Average(m => m[b]) / wanted[b], 0.65, 1.1); // a clip may have no event
        Assert.Contains(made, m => m[Tone] > 0.85 * wanted[Tone]);
        Assert.Equal(3.43, made.Average(m => m[300..900].Average()), 0.05);
    }

    [Fact]
    public void OtherBandsStayAsTheyAre()
    {
        var clip = Noise(TenSeconds, 10);
        float[] wanted = [.. Enumerable.Repeat(3.4f, 1001)];

        Assert.Equal(clip, FineVariation.Impose(clip, Rate, wanted, Chance(1)));

        wanted[Tone] = 7;
        var changed = FineVariation.Impose(clip, Rate, wanted, Chance(1));
        Assert.True(Apart(clip, changed, 0, 960) < -40 && Apart(clip, changed, 1040, 8000) < -40 && Apart(clip, changed, 990, 1010) > -20);
    }

    [Fact]
    public void TheSameNoiseMakesTheSameClip()
    {
        var clip = Noise(3 * Rate, 11);
        float[] wanted = [.. Enumerable.Range(0, 1001).Select(b => b % 100 == 50 ? 7f : 3.4f)];

        Assert.Equal(FineVariation.Impose(clip, Rate, wanted, Chance(12)), FineVariation.Impose(clip, Rate, wanted, Chance(12)));
        Assert.NotEqual(FineVariation.Impose(clip, Rate, wanted, Chance(12)), FineVariation.Impose(clip, Rate, wanted, Chance(13)));
    }

    [Fact]
    public void ALongClipIsMeasuredAndFilteredStretchByStretchAsAWhole()
    {
        var clip = Noise(70 * Rate, 14); // two whole stretches and a part
        var whole = FineVariation.Measure(clip, Rate);
        float[] wanted = [.. Enumerable.Range(0, 1001).Select(b => b is 40 or 41 ? 1.2f : 3.4f)];

        var changed = FineVariation.Impose(clip, Rate, wanted, Chance(15));

        Assert.Equal(3.43, whole[1..^1].Average(), 0.02);
        Assert.Equal(clip.Length, changed.Length);
        Assert.True(Apart(clip, changed, 0, 290) < -40 && Apart(clip, changed, 360, 8000) < -40);
        for (var second = 0; second < 69; second++) Assert.True(Apart(clip[(second * Rate)..((second + 2) * Rate)], changed[(second * Rate)..((second + 2) * Rate)], 500, 7000) < -30, $"at {second} s");
    }

    [Fact]
    public void SilenceStaysSilence()
    {
        float[] wanted = [.. Enumerable.Repeat(7f, 1001)];

        Assert.All(FineVariation.Impose(new float[4 * Rate], Rate, wanted, Chance(1)), x => Assert.Equal(0, x));
    }

    [Fact]
    public void VariationOfAnotherRateIsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => FineVariation.Impose(Noise(44100, 16), 22050, new float[1001], Chance(1)));

    [Theory]
    [InlineData(31999, false)]
    [InlineData(32000, true)]
    public void TwoSecondsAreLongEnough(int samples, bool fits) => Assert.Equal(fits, FineVariation.Fits(samples, Rate));

    private static double Beeps(double t) => t % 4 < 0.3 ? 1 : 0;

    private static IEnumerable<float> Sine(Func<double, double> amplitude) =>
        Enumerable.Range(0, TenSeconds).Select(i => (float)(0.05 * amplitude((double)i / Rate) * Math.Sin(2 * Math.PI * 1000 * i / Rate)));

    /// <summary>Power of the difference over the first one's between two frequencies, in dB.</summary>
    private static double Apart(float[] a, float[] b, double from, double to) => Difference(Band(a, Rate, from, to), Band(b, Rate, from, to));
}
