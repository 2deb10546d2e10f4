using MimiiGen.Evaluation.Embedding;

namespace MimiiGen.Evaluation.Scoring;

/// <summary>Collects the numbers of one comparison, each with the settings it was made with.</summary>
internal sealed class ScoreSheet(ScoredSet real, ScoredSet generated, IClipEmbedder embedder)
{
    private readonly List<Score> scores = [];
    private readonly ScoreBasis all = new(real.Clips, generated.Clips);

    public IReadOnlyList<Score> Scores => scores;

    /// <summary>A number from embeddings, of all clips unless told otherwise.</summary>
    public void OfEmbeddings(
        string metric, double? value, double[]? interval, string right, string? verdict = null, double? halves = null, IReadOnlyDictionary<string, double>? eachClip = null, ScoreBasis? basis = null)
    {
        var of = basis ?? all;
        scores.Add(new Score(
            metric, value, interval, of.Real.Count, of.Generated.Count, embedder.Name, embedder.WeightsHash, ClipReader.Resampler, embedder.SampleRate, of.RealSeconds, of.GeneratedSeconds)
        {
            Right = right,
            Verdict = verdict,
            RealHalves = halves,
            EachClip = eachClip,
        });
    }

    /// <summary>A number from the sound itself, of all clips unless told otherwise.</summary>
    public void OfSound(string metric, double value, double[]? interval, string right, string? resampler = null, string? verdict = null, ScoreBasis? basis = null)
    {
        var of = basis ?? all;
        scores.Add(new Score(
            metric, value, interval, of.Real.Count, of.Generated.Count, null, null, resampler, real.Clips[0].Facts.SampleRate, of.RealSeconds, of.GeneratedSeconds)
        {
            Right = right,
            Verdict = verdict,
        });
    }
}
