using MimiiGen.Audio;
using MimiiGen.Checkpoints;
using MimiiGen.Generation;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Generation;

public sealed class ConditionLevelsTests : IDisposable
{
    private const int First = 12;
    private const int Second = 16;
    private const int Rows = 2;
    private const int Width = 1 + Rows + SpectralEnvelope.Bands;
    private const int FineBands = 60;

    private readonly string folder = Directory.CreateTempSubdirectory("levels").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void ADrawIsAClipBroughtNearerAndMovedByADifferenceFromTheNearest()
    {
        var clips = Clips(First, Second, 1);
        var levels = Levels(clips, First, Second, 1);
        float[][][] conditions = [clips[..First], clips[First..(First + Second)], clips[(First + Second)..]];
        var nearer = Nearer(conditions[..2]);
        double[] steps = [.. conditions.Take(2).SelectMany(own => own.Select(clip => clip[0] - Nearest(own, clip)[0])).SelectMany(step => new double[] { step, -step })];
        Assert.InRange(nearer, 0.3, 0.95);
        foreach (var (own, condition) in conditions.Select((own, condition) => (own, condition)))
        {
            var mean = own.Average(clip => (double)clip[0]);
            double[] expected = [.. own.SelectMany(clip => steps.Select(step => mean + (nearer * (clip[0] - mean)) + step)).Distinct()];
            double[] drawn = [.. Enumerable.Range(0, 5000).Select(seed => (double)levels.Draw(condition, (ulong)seed)[0])];

            Assert.All(drawn, level => Assert.True(expected.Min(e => Math.Abs(e - level)) < 1e-5));
            Assert.True(drawn.Distinct().Count() > 0.8 * expected.Length);
            Assert.Equal(mean, drawn.Average(), 0.06);
        }
    }

    [Fact]
    public void DrawsDifferAsClipsDo()
    {
        float[][] clips = [.. Clips(40).Select(clip => new[] { clip[0], 0, 0 }.Concat(new float[SpectralEnvelope.Bands]).ToArray())];
        var levels = Levels(clips, 40);
        double[] drawn = [.. Enumerable.Range(0, 20_000).Select(seed => (double)levels.Draw(0, (ulong)seed)[0])];

        Assert.Equal(1, Variance(drawn) / Variance([.. clips.Select(clip => (double)clip[0])]), 0.05);
        Assert.True(drawn.Distinct().Count() > 1000);
    }

    [Fact]
    public void TheNearestIsTheOneOfTheSameLevelInEachBand()
    {
        // 0 and 1 are alike as they sound, and so are 2 and 3; relative to their whole 0 and 3 are
        float[][] clips = [Flat(-30, -10), Flat(-20, -20), Flat(-10, -12), Flat(-12, -10)];
        var levels = Levels(clips, 4);

        Assert.Equal([2, 10], Enumerable.Range(0, 1000).Select(seed => Math.Round(Math.Abs(levels.Draw(0, (ulong)seed)[0] - clips[seed % 4][0]), 3)).Distinct().Order());

        static float[] Flat(float level, float band) => [level, 0, 0, .. Enumerable.Repeat(band, SpectralEnvelope.Bands)];
    }

    [Fact]
    public void AToneThatIsTakenAwayLeavesNoGap()
    {
        // two pairs of equal clips: of the first pair one has the tone
        float[][] clips = [.. Clips(4).Select((clip, i) => clip.Select((_, d) => d == 5 && i > 1 ? 40f : 0).ToArray())];
        var spectra = Enumerable.Range(0, 4).Select(_ => Enumerable.Repeat(-60f, FineBands).ToArray()).ToArray();
        spectra[1][30] = -30;
        var levels = new ConditionLevels(clips, [0, 0, 0, 0], 1, spectra);
        double[] without = [.. Enumerable.Range(0, 300).Select(seed => (double)levels.DrawSpectrum(0, (ulong)(4 * seed))![30])];
        double[] with = [.. Enumerable.Range(0, 300).Select(seed => (double)levels.DrawSpectrum(0, (ulong)((4 * seed) + 1))![30])];

        var step = with.Max() + 30; // 30 dB, smoothed
        Assert.InRange(step, 2, 6);
        Assert.Equal(-60 + step, without.Max(), 1e-4);
        Assert.InRange(without.Min(), -62, -60.5);
        Assert.Equal(-30 - step, with.Min(), 1e-4);
    }

    [Fact]
    public void ADrawFollowsFromItsSeed()
    {
        var levels = Levels(Clips(5, 9, 1), 5, 9, 1);

        Assert.Equal(levels.Draw(0, 7), levels.Draw(0, 7));
        Assert.NotEqual(levels.Draw(0, 7), levels.Draw(0, 12));
        Assert.Equal(Width, levels.Draw(0, 7).Length);
    }

    [Fact]
    public void ALonelyClipIsDrawnAsItIs()
    {
        var clips = Clips(1);

        Assert.Equal(clips[0], Levels(clips, 1).Draw(0, 3));
    }

    [Fact]
    public void TheDescriptionIsStandardisedOverAllClips()
    {
        var clips = Clips(20, 20);
        var levels = Levels(clips, 20, 20);
        var described = clips.Select(c => levels.Describe(c)).ToArray();

        for (var row = 0; row < Rows; row++)
        {
            Assert.Equal(0, described.Average(d => d[row]), 1e-4);
            Assert.Equal(1, described.Average(d => d[row] * d[row]), 1e-2);
        }
    }

    [Fact]
    public void WrittenAndReadItDrawsTheSame()
    {
        var levels = Levels(Clips(3, 2), 3, 2);
        var path = Path.Combine(folder, "levels.safetensors");
        levels.Write(path);
        var read = ConditionLevels.Read(path);

        Assert.Equal(levels.Conditions, read.Conditions);
        Assert.Equal(levels.Draw(1, 5), read.Draw(1, 5));
    }

    [Fact]
    public void FineSpectraAreDrawnAroundTheConditionsAndReadAgain()
    {
        var clips = Clips(6, 5);
        var spectra = Spectra(clips.Length, condition: i => i < 6 ? 1 : -1);
        var path = Path.Combine(folder, "levels.safetensors");
        new ConditionLevels(clips, [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1], 2, spectra).Write(path);
        var read = ConditionLevels.Read(path);

        foreach (var condition in new[] { 0, 1 })
        {
            var drawn = Enumerable.Range(0, 3000).Select(seed => read.DrawSpectrum(condition, (ulong)seed)!).ToArray();
            var own = condition == 0 ? spectra[..6] : spectra[6..];
            for (var i = 0; i < FineBands; i += 7) Assert.Equal(own.Average(s => s[i]), drawn.Average(s => s[i]), 0.1);
            Assert.True(drawn.Select(d => d[0]).Distinct().Count() > 50);
        }

        Assert.Null(Levels(clips, 6, 5).DrawSpectrum(0, 1));
    }

    [Fact]
    public void TheFineSpectrumOfALonelyClipIsDrawnAsItIs()
    {
        var spectra = Spectra(1, _ => 0);

        Assert.Equal(spectra[0], new ConditionLevels(Clips(1), [0], 1, spectra).DrawSpectrum(0, 5));
    }

    [Fact]
    public void FineSpectraOfOtherClipsAreRefused()
    {
        var path = Path.Combine(folder, "levels.safetensors");
        Levels(Clips(3), 3).Write(path);
        var tensors = SafeTensors.Read(path);
        tensors["spectra"] = zeros(4, FineBands);
        SafeTensors.Write(path, tensors);

        Assert.Contains("'spectra' must be [3, bands], it is [4, 60]", Assert.Throws<BadInputException>(() => ConditionLevels.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatHoldsNoLevelsIsRefused()
    {
        var path = Path.Combine(folder, "levels.safetensors");
        using (var other = zeros(3, 4)) SafeTensors.Write(path, new Dictionary<string, Tensor> { ["levels"] = other });

        var error = Assert.Throws<BadInputException>(() => ConditionLevels.Read(path));

        Assert.StartsWith($"{path}: needs the tensors", error.Message, StringComparison.Ordinal);
    }

    private static float[][] Spectra(int count, Func<int, double> condition)
    {
        var chance = new Random(4);
        return [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, FineBands).Select(_ => (float)(Half)(condition(i) + chance.NextDouble() - 0.5)).ToArray())];
    }

    private static float[] Nearest(float[][] own, float[] clip) => own.Where(other => other != clip).MinBy(other => Apart(other, clip))!;

    private static double Apart(float[] clip, float[] other) => Enumerable.Range(1 + Rows, SpectralEnvelope.Bands).Sum(b => Math.Pow(clip[0] + clip[b] - other[0] - other[b], 2));

    private static double Nearer(float[][][] conditions)
    {
        var apart = conditions.Sum(own => own.Sum(clip => Apart(clip, Nearest(own, clip))));
        var spread = conditions.Sum(own => own.Length * Enumerable.Range(1 + Rows, SpectralEnvelope.Bands).Sum(b => Variance([.. own.Select(clip => (double)clip[0] + clip[b])])));
        return Math.Sqrt(1 - (apart / spread));
    }

    private static double Variance(double[] values) => values.Sum(v => Math.Pow(v - values.Average(), 2)) / (values.Length - 1);

    /// <summary>Correlated normal values, conditions one after the other, each with its own mean.</summary>
    private static float[][] Clips(params int[] counts)
    {
        var chance = new Random(1);
        return [.. counts.SelectMany((count, condition) => Enumerable.Range(0, count).Select(_ =>
        {
            var shared = Normal();
            return Enumerable.Range(0, Width).Select(i => (float)(condition + i + shared + (0.5 * Normal()))).ToArray();
        }))];

        double Normal() => Math.Sqrt(-2 * Math.Log(1 - chance.NextDouble())) * Math.Cos(2 * Math.PI * chance.NextDouble());
    }

    private static ConditionLevels Levels(float[][] clips, params int[] counts) =>
        new(clips, [.. counts.SelectMany((count, condition) => Enumerable.Repeat(condition, count))], counts.Length);
}
