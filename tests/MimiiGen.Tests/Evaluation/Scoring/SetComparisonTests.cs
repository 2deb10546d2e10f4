using MimiiGen.Evaluation;
using MimiiGen.Evaluation.Embedding;
using MimiiGen.Evaluation.Scoring;
using MimiiGen.Tests.Golden;

namespace MimiiGen.Tests.Evaluation.Scoring;

public sealed class SetComparisonTests : IDisposable
{
    private readonly ClipFolders folders = new();
    private readonly SoundEmbedder embedder = SoundEmbedder.Load(RepositoryFolder.Of("models/efficientat-mn04"));

    public void Dispose()
    {
        embedder.Dispose();
        folders.Dispose();
    }

    [Fact]
    public void GivesTheReferencesNumbersWithTheirSettings()
    {
        var fans = RepositoryFolder.Of("samples/0_dB_fan/fan/id_00");
        var result = Compare(Path.Combine(fans, "normal"), Path.Combine(fans, "abnormal"), ScoreOptions with { Pairs = ClipPairs.ByName });

        var golden = GoldenFile.Json("embeddings/end-to-end.json").GetProperty("network_in_float64");
        Assert.Equal(golden.GetProperty("frechet_exact").GetDouble(), Find(result, "FAD").Value!.Value, 1e-4);
        Assert.Equal(golden.GetProperty("kad_bandwidth_from_normal").GetDouble(), Find(result, "KAD").Value!.Value, 1e-4);
        var divergence = golden.GetProperty("kl_abnormal_as_prediction_normal_as_target");
        Assert.Equal(divergence.GetProperty("kullback_leibler_divergence_softmax").GetDouble(), Find(result, "KL of classes, softmax, pairs").Value!.Value, 1e-4);
        Assert.All(result.Scores, score => Assert.True(score.Value is null ? score.Verdict is not null : score.Interval![0] <= score.Value && score.Value <= score.Interval[1], score.Metric));
        Assert.All(result.Scores, score => Assert.Equal((20, 20, 200.0), (score.RealClips, score.GeneratedClips, Math.Round(score.RealSeconds, 6))));
        var fad = Find(result, "FAD");
        Assert.Equal((SoundEmbedder.Name, embedder.WeightsHash, ClipReader.Resampler, 32000), (fad.Embedding, fad.WeightsSha256, fad.Resampler, fad.SampleRate));
        Assert.Contains("20 rows for 384 dimensions", fad.Verdict, StringComparison.Ordinal);
        Assert.Null(Find(result, "FAD infinity").Value);
        Assert.Equal(4.73, Find(result, "level (dB)").Value!.Value, 0.01);
    }

    [Fact]
    public void ASecondRunReadsTheCacheAndADamagedEntryIsMadeAnew()
    {
        ClipFolders.Fill(folders.Real, 4, 1);
        ClipFolders.Fill(folders.Generated, 4, 11);
        var first = Compare();
        var kept = Directory.GetFiles(folders.Cache, "*.safetensors", SearchOption.AllDirectories);
        var written = kept.ToDictionary(path => path, File.GetLastWriteTimeUtc, StringComparer.Ordinal);
        File.WriteAllText(kept[0], "torn");

        var second = Compare();

        Assert.Equal(8, kept.Length);
        Assert.All(first.Scores.Zip(second.Scores), s => Assert.Equal(s.First.Value ?? 0, s.Second.Value ?? 0, 1e-4)); // a clip alone in its batch rounds otherwise
        Assert.All(kept[1..], path => Assert.Equal(written[path], File.GetLastWriteTimeUtc(path)));
        Assert.True(new FileInfo(kept[0]).Length > 1000);
    }

    [Fact]
    public void ClipsOfSeveralWindowsHaveADistanceEach()
    {
        ClipFolders.Fill(folders.Real, 3, 1, seconds: 3);
        ClipFolders.Fill(folders.Generated, 2, 11, seconds: 3);
        using var codec = CodecEmbedder.Load(RepositoryFolder.Of("models/default"));

        var score = Find(new SetComparison(codec, ScoreOptions).Run(folders.Real, folders.Generated, stop: TestContext.Current.CancellationToken), "FAD of each clip, mean");

        Assert.Equal(["0000.wav", "0001.wav"], score.EachClip!.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(score.Value!.Value, score.EachClip.Values.Average(), 1e-12);
        Assert.True(score.Value > 0);
    }

    [Fact]
    public void ANumberOfPairsCountsTheClipsInPairs()
    {
        ClipFolders.Fill(folders.Real, 3, 1);
        ClipFolders.Fill(folders.Generated, 2, 11, seconds: 2, rate: 24000);
        ClipFolders.Fill(folders.Generated, 1, 11);

        var result = Compare(folders.Real, folders.Generated, ScoreOptions with { Pairs = ClipPairs.ByName });

        var pairs = Find(result, "SI-SDR (dB), pairs");
        Assert.Equal((2, 2, 2.0, 3.0), (pairs.RealClips, pairs.GeneratedClips, pairs.RealSeconds, pairs.GeneratedSeconds));
        Assert.Contains("too few pairs (2)", pairs.Verdict, StringComparison.Ordinal);
        Assert.Equal(3, Find(result, "KAD").RealClips);
        Assert.Contains(result.Notes, n => n.Contains("1 clips have no partner", StringComparison.Ordinal) && n.Contains("real 0002.wav", StringComparison.Ordinal));
        Assert.Contains(result.Notes, n => n.StartsWith("1 of 2 pairs differ in rate or length", StringComparison.Ordinal));
    }

    [Fact]
    public void SaysWhatIsOddAboutTheClips()
    {
        ClipFolders.Fill(folders.Real, 3, 1);
        ClipFolders.Fill(folders.Generated, 3, 11, seconds: 2, rate: 24000);
        File.Copy(Path.Combine(folders.Real, "0001.wav"), Path.Combine(folders.Generated, "copy.wav"));
        ClipFolders.Write(folders.Generated, "loud.wav", [.. Enumerable.Range(0, 16000).Select(i => i % 100 < 50 ? 1f : -1f)]);

        var notes = string.Join('\n', Compare().Notes);

        Assert.Contains("sample rates differ: real 16000 Hz, generated 16000 Hz, 24000 Hz", notes, StringComparison.Ordinal);
        Assert.Contains("lengths differ: real 1 s, generated 1 s, 2 s; each clip counts once", notes, StringComparison.Ordinal);
        Assert.Contains("1 of 5 generated clips are real ones, byte for byte: copy.wav", notes, StringComparison.Ordinal);
        Assert.Contains("1 of 5 generated clips are cut at full scale and scored as they are: loud.wav", notes, StringComparison.Ordinal);
    }

    [Fact]
    public void SilenceIsRefusedUnlessAskedFor()
    {
        ClipFolders.Fill(folders.Real, 3, 1);
        ClipFolders.Fill(folders.Generated, 2, 11);
        ClipFolders.Write(folders.Generated, "silent.wav", new float[16000]);

        var refusal = Assert.Throws<BadInputException>(() => Compare());
        var notes = Compare(folders.Real, folders.Generated, ScoreOptions with { AllowSilent = true }).Notes;

        Assert.Contains("1 of 3 generated clips are silent (silent.wav)", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(notes, n => n.Contains("silent and scored as they are", StringComparison.Ordinal));
    }

    [Fact]
    public void AnEmptySideAndClipsThatCantBeEmbeddedAreRefused()
    {
        ClipFolders.Fill(folders.Real, 2, 1);
        Assert.Contains("no such folder of generated clips", Assert.Throws<BadInputException>(() => Compare()).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(folders.Generated);
        Assert.Contains("the generated side is empty", Assert.Throws<BadInputException>(() => Compare()).Message, StringComparison.Ordinal);
        ClipFolders.Write(folders.Generated, "short.wav", ClipFolders.Noise(1, 100));
        Assert.Contains("needs at least", Assert.Throws<BadInputException>(() => Compare()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PairsComeFromATableOrFromNames()
    {
        string[] real = ["a/1.wav", "a/2.wav"], generated = ["a/2.wav", "b/1.wav"];
        var table = Path.Combine(Path.GetDirectoryName(folders.Real)!, "pairs.csv");
        File.WriteAllText(table, "real,generated\na/1.wav,b/1.wav\na/2.wav,a/2.wav\n");

        Assert.Equal([(0, 1), (1, 0)], ClipPairs.Of(table, real, generated).Pairs);
        Assert.Null(ClipPairs.Of(table, real, generated).Unpaired);
        var byName = ClipPairs.Of(ClipPairs.ByName, real, generated);
        Assert.Equal([(1, 0)], byName.Pairs);
        Assert.Contains("2 clips have no partner", byName.Unpaired, StringComparison.Ordinal);
        Assert.Throws<BadInputException>(() => ClipPairs.Of(ClipPairs.ByName, real, ["c.wav"]));
        File.WriteAllText(table, "real,generated\na/1.wav,gone.wav\n");
        Assert.Contains("gone.wav", Assert.Throws<BadInputException>(() => ClipPairs.Of(table, real, generated)).Message, StringComparison.Ordinal);
    }

    private static Score Find(ScoreResult result, string metric) => Assert.Single(result.Scores, s => s.Metric == metric);

    private ScoreOptions ScoreOptions => new() { Resamples = 20, CacheFolder = folders.Cache };

    private ScoreResult Compare() => Compare(folders.Real, folders.Generated, ScoreOptions);

    private ScoreResult Compare(string real, string generated, ScoreOptions options) =>
        new SetComparison(embedder, options).Run(real, generated, stop: TestContext.Current.CancellationToken);
}
