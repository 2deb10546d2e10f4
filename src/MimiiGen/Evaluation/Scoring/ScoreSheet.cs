using MimiiGen.Evaluation.Embedding;

namespace MimiiGen.Evaluation.Scoring;

/// <summary>Collects the numbers of one comparison, each with the settings it was made with.</summary>
internal sealed class ScoreSheet(ScoredSet real, ScoredSet generated, IClipEmbedder embedder)
{
    private readonly List<Score> scores = [];

    public IReadOnlyList<Score> Scores => scores;

    /// <summary>A number from the embeddings of all clips.</summary>
    public void OfEmbeddings(string metric, double? value, double[]? interval, string right, string? verdict = null, double? halves = null, IReadOnlyDictionary<string, double>? eachClip = null) =>
        Add(new Score(metric, value, interval, real.Clips.Count, generated.Clips.Count, embedder.Name, embedder.WeightsHash, ClipReader.Resampler, embedder.SampleRate, real.Seconds, generated.Seconds)
        {
            Right = right,
            Verdict = verdict,
            RealHalves = halves,
            EachClip = eachClip,
        });

    /// <summary>A number from the sound itself.</summary>
    public void OfSound(string metric, double value, double[]? interval, string right, string? resampler = null, string? verdict = null) =>
        Add(new Score(metric, value, interval, real.Clips.Count, generated.Clips.Count, null, null, resampler, real.Clips[0].Facts.SampleRate, real.Seconds, generated.Seconds)
        {
            Right = right,
            Verdict = verdict,
        });

    /// <summary>Any other number.</summary>
    public void Add(Score score) => scores.Add(score);
}
