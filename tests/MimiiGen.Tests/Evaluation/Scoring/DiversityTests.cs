using MimiiGen.Evaluation;
using MimiiGen.Evaluation.Report;
using MimiiGen.Evaluation.Scoring;

namespace MimiiGen.Tests.Evaluation.Scoring;

/// <summary>Recognition of conditions, and clusters, on clips whose kinds are plain to hear: hums of two pitches.</summary>
public sealed class DiversityTests : IDisposable
{
    private readonly ClipFolders folders = new();
    private readonly SoundEmbedder embedder = SoundEmbedder.Load(RepositoryFolder.Of("models/efficientat-mn04"));

    public DiversityTests()
    {
        foreach (var (state, pitch) in new[] { ("normal", 200.0), ("abnormal", 2500.0) })
            for (var i = 0; i < 8; i++)
            {
                Hum(folders.Real, state, i, pitch, varied: true);
                Hum(folders.Generated, state, i + 50, pitch, varied: state == "normal"); // generated anomalies are all alike
            }
    }

    public void Dispose()
    {
        embedder.Dispose();
        folders.Dispose();
    }

    [Fact]
    public void TheFaultOfGeneratedClipsIsRecognisedUnlessItWasMixedUp()
    {
        var right = Recognise(Path.Combine(folders.Real, "fan"), Path.Combine(folders.Generated, "fan"));
        var task = Assert.Single(right.Tasks);
        Assert.Equal("fault", task.Property);
        Assert.Equal(["anomaly", "normal"], task.Classes);
        Assert.Equal((1.0, 1.0, 0.5, 16, 16), (task.RealAccuracy.Estimate, task.GeneratedAccuracy.Estimate, task.RealChance, task.RealClips, task.GeneratedClips));
        Assert.Contains("comes through", task.Verdict, StringComparison.Ordinal);

        var (normal, abnormal) = (Path.Combine(folders.Generated, "fan", "normal"), Path.Combine(folders.Generated, "fan", "abnormal"));
        Directory.Move(normal, normal + "x");
        Directory.Move(abnormal, normal);
        Directory.Move(normal + "x", abnormal);
        var mixedUp = Assert.Single(Recognise(Path.Combine(folders.Real, "fan"), Path.Combine(folders.Generated, "fan")).Tasks);
        Assert.Equal((1.0, 0.0), (mixedUp.RealAccuracy.Estimate, mixedUp.GeneratedAccuracy.Estimate));
        Assert.Contains("less than in real clips", mixedUp.Verdict, StringComparison.Ordinal);
        Assert.Contains("nothing to tell apart", Assert.Throws<BadInputException>(() => Recognise(Path.Combine(folders.Real, "fan", "normal"), folders.Generated)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ClustersAreCoveredAndClipsThatAreAllAlikeHaveNoSpread()
    {
        var result = new ClusterStudy(embedder, Options).Run(Path.Combine(folders.Real, "fan"), Path.Combine(folders.Generated, "fan"), stop: TestContext.Current.CancellationToken);

        Assert.Equal(["k-means", "agglomerative (Ward)", "HDBSCAN"], result.Clusterings.Select(c => c.Method));
        Assert.All(result.Clusterings, c => Assert.True(c.Clusters >= 2 && c.RealClusters >= c.CoveredClusters, c.Method));
        Assert.Equal(1, result.Clusterings[0].Coverage);
        Assert.Equal(2, result.Spreads.Count);
        var (anomaly, normal) = (result.Spreads[0], result.Spreads[1]);
        Assert.InRange(anomaly.Ratio!.Value.Estimate, 0, 0.5);
        Assert.InRange(normal.Ratio!.Value.Estimate, 0.5, 2);
        Assert.Equal(32, result.Map.Count);

        var drawing = ClusterMap.Draw(result);
        Assert.Equal(32 + 2, drawing.Split("<circle").Length - 1);
        Assert.Equal("svg", System.Xml.Linq.XDocument.Parse(drawing).Root!.Name.LocalName);
    }

    private ScoreOptions Options => new() { CacheFolder = folders.Cache };

    private RecognitionResult Recognise(string real, string generated) => new Recognition(embedder, Options).Run(real, generated, stop: TestContext.Current.CancellationToken);

    private static void Hum(string folder, string state, int seed, double pitch, bool varied)
    {
        var random = new Random(seed);
        var (tone, level) = varied ? (pitch * (0.9 + (0.2 * random.NextDouble())), 0.05 + (0.2 * random.NextDouble())) : (pitch, 0.1 + (0.001 * random.NextDouble()));
        var noise = ClipFolders.Noise(varied ? seed : 0, 16000, 0.02);
        ClipFolders.Write(Path.Combine(folder, "fan", state), $"{seed:d4}.wav", [.. noise.Select((n, i) => n + (float)(level * Math.Sin(2 * Math.PI * tone * i / 16000)))]);
    }
}
