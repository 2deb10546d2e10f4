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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void DrawsHaveTheStatedMeanAndCovariance(bool faulty)
    {
        var clips = Clips(First, Second, 1);
        var levels = Levels(clips, First, Second, 1);
        foreach (var (condition, from, n) in new[] { (0, 0, First), (1, First, Second), (2, First + Second, 1) })
        {
            var own = clips[from..(from + n)];
            var (mean, covariance) = Moments([.. Enumerable.Range(0, 20_000).Select(seed => levels.Draw(condition, faulty, (ulong)seed).Levels)]);
            for (var i = 0; i < 3; i++)
            {
                Assert.Equal(own.Average(c => c[i]), mean[i], 0.05);
                for (var j = 0; j < 3; j++) Assert.Equal(1, covariance[i, j] / Stated(clips, own, faulty, i, j), 0.05);
            }
        }
    }

    [Fact]
    public void WhatIsAddedIsADeviationThatWasHeardTimesANormalNumber()
    {
        var clips = Clips(1, 2);
        var levels = Levels(clips, 1, 2);
        var half = (clips[1][0] - clips[2][0]) / 2;
        var single = Enumerable.Range(0, 200).Select(seed => levels.Draw(0, false, (ulong)seed).Levels[0] - clips[0][0]).ToArray();
        var pair = Enumerable.Range(0, 4000).Select(seed => (levels.Draw(1, false, (ulong)seed).Levels[0] - clips[1 + (seed % 2)][0]) / (0.9 * half)).ToArray();

        Assert.All(single, added => Assert.Equal(Math.Abs(half), Math.Abs(added), 1e-5));
        Assert.Equal(0.683, pair.Count(z => Math.Abs(z) < 1) / 4000.0, 0.02);
        Assert.Equal(0.954, pair.Count(z => Math.Abs(z) < 2) / 4000.0, 0.01);
    }

    [Fact]
    public void ADrawFollowsFromItsSeed()
    {
        var levels = Levels(Clips(5, 9, 1), 5, 9, 1);

        Assert.Equal(levels.Draw(0, false, 7).Levels, levels.Draw(0, false, 7).Levels);
        Assert.NotEqual(levels.Draw(0, false, 7).Levels, levels.Draw(0, false, 12).Levels);
        Assert.Equal(Width, levels.Draw(0, false, 7).Levels.Length);
    }

    [Fact]
    public void ALonelyClipIsDrawnAsItIs()
    {
        var clips = Clips(1);

        Assert.Equal(clips[0], Levels(clips, 1).Draw(0, false, 3).Levels);
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
        Assert.Equal(levels.Draw(1, false, 5).Levels, read.Draw(1, false, 5).Levels);
    }

    [Fact]
    public void FineSpectraAreDrawnAroundTheConditionsAndReadAgain()
    {
        var clips = Clips(6, 5);
        var textures = Textures(clips.Length, condition: i => i < 6 ? 1 : -1);
        var path = Path.Combine(folder, "levels.safetensors");
        new ConditionLevels(clips, [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1], 2, textures).Write(path);
        var read = ConditionLevels.Read(path);

        foreach (var condition in new[] { 0, 1 })
        {
            var drawn = Enumerable.Range(0, 3000).Select(seed => read.Draw(condition, false, (ulong)seed).Texture!.Spectrum).ToArray();
            var own = condition == 0 ? textures[..6] : textures[6..];
            for (var i = 0; i < FineBands; i += 7) Assert.Equal(own.Average(t => t.Spectrum[i]), drawn.Average(s => s[i]), 0.1);
            Assert.True(drawn.Select(d => d[0]).Distinct().Count() > 2900);
        }

        Assert.Null(Levels(clips, 6, 5).Draw(0, false, 1).Texture);
    }

    [Fact]
    public void TheFineSpectrumOfALonelyClipIsDrawnAsItIs()
    {
        var textures = Textures(1, _ => 0);

        Assert.Equal(textures[0], new ConditionLevels(Clips(1), [0], 1, textures).Draw(0, false, 5).Texture);
    }

    [Fact]
    public void VariationIsThatOfTheChosenClipAndReadAgain()
    {
        var textures = Textures(6, _ => 0);
        var path = Path.Combine(folder, "levels.safetensors");
        new ConditionLevels(Clips(6), [0, 0, 0, 0, 0, 0], 1, textures).Write(path);
        var read = ConditionLevels.Read(path);

        for (var seed = 0UL; seed < 12; seed++) Assert.Equal(textures[seed % 6].Variation, read.Draw(0, false, seed).Texture!.Variation);
    }

    [Fact]
    public void ALevelsFileOfBeforeVariationWasMeasuredIsRead()
    {
        var path = Path.Combine(folder, "levels.safetensors");
        new ConditionLevels(Clips(3), [0, 0, 0], 1, [.. Textures(3, _ => 0).Select(t => t with { Variation = null })]).Write(path);

        Assert.False(SafeTensors.Read(path).ContainsKey("variations"));
        Assert.Null(ConditionLevels.Read(path).Draw(0, false, 1).Texture!.Variation);
    }

    [Theory]
    [InlineData("spectra")]
    [InlineData("variations")]
    public void TexturesOfOtherClipsAreRefused(string name)
    {
        var path = Path.Combine(folder, "levels.safetensors");
        new ConditionLevels(Clips(3), [0, 0, 0], 1, Textures(3, _ => 0)).Write(path);
        var tensors = SafeTensors.Read(path);
        tensors[name] = zeros(4, FineBands);
        SafeTensors.Write(path, tensors);

        Assert.Contains($"'{name}' must be [3, bands], it is [4, 60]", Assert.Throws<BadInputException>(() => ConditionLevels.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatHoldsNoLevelsIsRefused()
    {
        var path = Path.Combine(folder, "levels.safetensors");
        using (var other = zeros(3, 4)) SafeTensors.Write(path, new Dictionary<string, Tensor> { ["levels"] = other });

        var error = Assert.Throws<BadInputException>(() => ConditionLevels.Read(path));

        Assert.StartsWith($"{path}: needs the tensors", error.Message, StringComparison.Ordinal);
    }

    private static FineTexture[] Textures(int count, Func<int, double> condition)
    {
        var chance = new Random(4);
        return [.. Enumerable.Range(0, count).Select(i => new FineTexture(Numbers(condition(i)), Numbers(3)))];

        float[] Numbers(double middle) => [.. Enumerable.Range(0, FineBands).Select(_ => (float)(Half)(middle + chance.NextDouble() - 0.5))];
    }

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

    /// <summary>The covariance of the class's remarks: of the chosen clip, and of what is added to it, smoothed.</summary>
    private static double Stated(float[][] all, float[][] own, bool faulty, int i, int j)
    {
        if (own.Length == 1) return Smoothed((p, q) => (Scatter(all[..First], p, q) + Scatter(all[First..(First + Second)], p, q)) / (First + Second));
        var bandwidth = faulty ? 0.3 : 0.9;
        return Heard(i, j) + (bandwidth * bandwidth * Smoothed(Heard));

        double Heard(int p, int q) => Scatter(own, p, q) / own.Length;
        double Smoothed(Func<int, int, double> covariance) => Enumerable.Range(0, 3).Sum(p => Enumerable.Range(0, 3).Sum(q => S(i, p) * S(j, q) * covariance(p, q)));
    }

    /// <summary>The smoothing of the level, which stays, and of the two rows: a normal curve of standard deviation 4.</summary>
    private static double S(int to, int from)
    {
        var next = Math.Exp(-0.5 / 16);
        return (to, from) is (0, 0) ? 1 : to == 0 || from == 0 ? 0 : (to == from ? 1 : next) / (1 + next);
    }

    private static double Scatter(float[][] clips, int i, int j)
    {
        var (a, b) = (clips.Average(c => c[i]), clips.Average(c => c[j]));
        return clips.Sum(c => (c[i] - a) * (c[j] - b));
    }

    private static (double[] Mean, double[,] Covariance) Moments(float[][] draws)
    {
        var covariance = new double[3, 3];
        for (var i = 0; i < 3; i++)
            for (var j = 0; j < 3; j++)
                covariance[i, j] = Scatter(draws, i, j) / draws.Length;
        return ([.. Enumerable.Range(0, 3).Select(i => draws.Average(d => (double)d[i]))], covariance);
    }
}
