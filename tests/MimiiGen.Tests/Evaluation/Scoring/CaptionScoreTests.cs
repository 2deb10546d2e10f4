using MimiiGen.Evaluation;
using MimiiGen.Evaluation.Embedding;
using MimiiGen.Evaluation.Scoring;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Evaluation.Scoring;

public sealed class CaptionScoreTests : IDisposable
{
    private readonly ClipFolders folders = new();

    public CaptionScoreTests()
    {
        ClipFolders.Fill(folders.Real, 3, 1);
        ClipFolders.Write(folders.Generated, "low.wav", Tone(200));
        ClipFolders.Write(folders.Generated, "high.wav", Tone(6000));
    }

    private string Captions => Path.Combine(Path.GetDirectoryName(folders.Real)!, "captions.csv");

    public void Dispose() => folders.Dispose();

    [Fact]
    public void TheScoreIsTheMeanCosineOfClipsAndTheirCaptions()
    {
        File.WriteAllText(Captions, "file_name,caption\nlow.wav,low\nhigh.wav,high\n");
        Assert.InRange(Score(new TwoBands()), 0.99, 1);
        File.WriteAllText(Captions, "file_name,caption\nlow.wav,high\nhigh.wav,high\n");
        Assert.InRange(Score(new TwoBands()), 0.45, 0.55);
    }

    [Fact]
    public void UnknownClipsAndModelsWithoutCaptionsAreRefused()
    {
        File.WriteAllText(Captions, "file_name,caption\ngone.wav,low\n");
        Assert.Contains("gone.wav", Assert.Throws<BadInputException>(() => Score(new TwoBands())).Message, StringComparison.Ordinal);
        using var efficientAt = SoundEmbedder.Load(RepositoryFolder.Of("models/efficientat-mn04"));
        Assert.Contains("embeds no captions", Assert.Throws<BadInputException>(() => Score(efficientAt)).Message, StringComparison.Ordinal);
    }

    private static float[] Tone(double pitch) => [.. ClipFolders.Noise(3, 16000, 0.001).Select((n, i) => n + (float)(0.3 * Math.Sin(2 * Math.PI * pitch * i / 16000)))];

    private double Score(IClipEmbedder embedder) =>
        new SetComparison(embedder, new ScoreOptions { CacheFolder = folders.Cache, Captions = Captions, Resamples = 5 })
            .Run(folders.Real, folders.Generated, stop: TestContext.Current.CancellationToken)
            .Scores.Single(s => s.Metric == "CLAP score, caption against clip").Value!.Value;

    /// <summary>How loud the lower and the upper half of the band are: an embedding that captions can name.</summary>
    private sealed class TwoBands : IClipEmbedder, ICaptionEmbedder
    {
        public string Name => "two bands";

        public string WeightsHash => new('0', 64);

        public int SampleRate => 16000;

        public int ShortestInput => 2;

        public IReadOnlyList<ClipEmbedding> Embed(IReadOnlyList<float[]> clips) => [.. clips.Select(clip =>
        {
            double low = 0, high = 0;
            for (var i = 1; i < clip.Length; i++) (low, high) = (low + Math.Pow(clip[i] + clip[i - 1], 2), high + Math.Pow(clip[i] - clip[i - 1], 2));
            return new ClipEmbedding(tensor([(float)low, (float)high]).unsqueeze(0), null);
        })];

        public Tensor EmbedCaptions(IReadOnlyList<string> captions) =>
            tensor(captions.SelectMany(c => c == "low" ? new[] { 1f, 0f } : [0f, 1f]).ToArray()).view(captions.Count, 2);

        public void Dispose()
        {
        }
    }
}
