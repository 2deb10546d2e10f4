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
    public void DrawsHaveTheStatedMeanAndCovariance()
    {
        var clips = Clips(First, Second, 1);
        var levels = Levels(clips, First, Second, 1);
        foreach (var (condition, from, n) in new[] { (0, 0, First), (1, First, Second), (2, First + Second, 1) })
        {
            var own = clips[from..(from + n)];
            var (mean, covariance) = Moments([.. Enumerable.Range(0, 20_000).Select(seed => levels.Draw(condition, (ulong)seed))]);
            for (var i = 0; i < 3; i++)
            {
                Assert.Equal(own.Average(c => c[i]), mean[i], 0.05);
                for (var j = 0; j < 3; j++) Assert.Equal(1, covariance[i, j] / Stated(clips, own, i, j), 0.05);
            }
        }
    }

    [Fact]
    public void FewClipsGiveHeavyTails()
    {
        var few = Tails(4);
        var many = Tails(40);

        Assert.True(few > 2 * many, $"{few} of the draws from 4 clips lie beyond 4 spreads, {many} of those from 40");
    }

    [Fact]
    public void ASingleClipTakesThePooledDeviations()
    {
        var clips = Clips(First, Second, 1);
        var levels = Levels(clips, First, Second, 1);
        var (_, covariance) = Moments([.. Enumerable.Range(0, 5000).Select(seed => levels.Draw(2, (ulong)seed))]);

        Assert.Equal(1, covariance[0, 0] / Pooled(clips, 0, 0), 0.1);
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
            Assert.True(drawn.Select(d => d[0]).Distinct().Count() > 2900);
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

    private static double Tails(int count)
    {
        var clips = Clips(count);
        var levels = Levels(clips, count);
        var (mean, spread) = (clips.Average(c => c[0]), Math.Sqrt(Scatter(clips, 0, 0) / (count - 1)));
        return Enumerable.Range(0, 4000).Count(seed => Math.Abs(levels.Draw(0, (ulong)seed)[0] - mean) > 4 * spread) / 4000.0;
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

    /// <summary>
    /// The covariance of the class's remarks, worked out from sums: with S the smoothing, d of the chosen clip is in a draw as d + (a - 1) S d, e as b S e, where a and b hold Student's t.
    /// </summary>
    private static double Stated(float[][] all, float[][] own, int i, int j)
    {
        var n = own.Length;
        if (n == 1) return Smoothed((p, q) => Pooled(all, p, q));
        var freedom = n - 1.0;
        var scale = Math.Sqrt((1 + (1.0 / n)) / 1.25);
        var square = freedom / (freedom - 2) * scale * scale; // of t
        var mean = scale * Math.Sqrt(freedom / 2) * Math.Exp(LogGamma((freedom - 1) / 2) - LogGamma(freedom / 2));
        var (a, aSquare) = (mean * Math.Sqrt(n / (n - 1.0)), square * n / (n - 1.0));
        var (once, other) = (Enumerable.Range(0, 3).Sum(p => S(i, p) * Heard(p, j)), Enumerable.Range(0, 3).Sum(q => S(j, q) * Heard(i, q)));
        return Heard(i, j) + ((a - 1) * (once + other)) + ((aSquare - (2 * a) + 1) * Smoothed(Heard)) + (0.25 * square * Smoothed((p, q) => Pooled(all, p, q)));

        double Heard(int p, int q) => Scatter(own, p, q) / n;
        double Smoothed(Func<int, int, double> covariance) => Enumerable.Range(0, 3).Sum(p => Enumerable.Range(0, 3).Sum(q => S(i, p) * S(j, q) * covariance(p, q)));
    }

    /// <summary>The smoothing of the level, which stays, and of the two rows: a normal curve of standard deviation 4.</summary>
    private static double S(int to, int from)
    {
        var next = Math.Exp(-0.5 / 16);
        return (to, from) is (0, 0) ? 1 : to == 0 || from == 0 ? 0 : (to == from ? 1 : next) / (1 + next);
    }

    /// <summary>ln of the gamma function at a half or whole number.</summary>
    private static double LogGamma(double x) => x == 1 ? 0 : x == 0.5 ? 0.5 * Math.Log(Math.PI) : Math.Log(x - 1) + LogGamma(x - 1);

    private static double Pooled(float[][] all, int i, int j) => (Scatter(all[..First], i, j) + Scatter(all[First..(First + Second)], i, j)) / (First - 1 + Second - 1);

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
