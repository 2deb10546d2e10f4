using MimiiGen.Audio;
using MimiiGen.Detection;
using MimiiGen.Evaluation.Embedding;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Scoring;

/// <summary>
/// Looks for training clips that a generator has learnt by heart: for every generated clip the nearest training clip by embedding, and the one it
/// correlates with most; both against the same between training clips, for real clips of one machine are alike too.
/// </summary>
/// <param name="embedder">The embedding model.</param>
/// <param name="options">Channel, cache, seed.</param>
public sealed class CopySearch(IClipEmbedder embedder, ScoreOptions options)
{
    private const int Candidates = 5; // training clips, by cosine, that a clip is correlated with
    private const double LeastCorrelation = 0.5; // of a copy

    /// <summary>Compares the clips of two folders.</summary>
    /// <param name="trainingFolder">What the generator was trained on.</param>
    /// <param name="generatedFolder">What it made.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="stop">Stops.</param>
    /// <exception cref="BadInputException">As for <see cref="ComparedSets.Read"/>, or there are fewer than two training clips.</exception>
    public CopyResult Run(string trainingFolder, string generatedFolder, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        using var sets = ComparedSets.Read(trainingFolder, generatedFolder, embedder, options, progress, stop);
        int[] distinct = [.. sets.Real.Clips.Select((c, i) => (c.Hash, i)).DistinctBy(c => c.Hash).Select(c => c.i)];
        if (distinct.Length < 2) throw new BadInputException($"{trainingFolder}: copies are told by how alike training clips are to one another; that needs at least two different ones");
        var training = distinct.Select(i => sets.Real.Clips[i]).ToArray();
        using var scope = NewDisposeScope();
        using var indices = tensor(distinct.Select(i => (long)i).ToArray());
        var real = nn.functional.normalize(sets.Real.Means.index_select(0, indices), 2, 1); // (training, dimensions)
        var made = nn.functional.normalize(sets.Generated.Means, 2, 1); // (generated, dimensions)
        var among = Match(training, training, real.mm(real.t()).masked_fill(eye(distinct.Length, dtype: ScalarType.Bool), double.NegativeInfinity), "correlating training clips");
        var matches = Match([.. sets.Generated.Clips], training, made.mm(real.t()), "correlating generated clips");
        double nearest = among.Max(m => m.Cosine), loudest = Math.Max(LeastCorrelation, among.Max(m => m.Correlation));
        var copies = matches.Where(m => m.Correlation > loudest || (m.Cosine > nearest && m.Correlation > LeastCorrelation)).OrderByDescending(m => m.Correlation).ToArray();
        return new CopyResult(
            new ScoreSide(trainingFolder, sets.Real.Clips.Count, sets.Real.Seconds),
            new ScoreSide(generatedFolder, sets.Generated.Clips.Count, sets.Generated.Seconds),
            sets.Notes,
            embedder.Name,
            embedder.WeightsHash,
            Median(matches, m => m.Cosine),
            Median(among, m => m.Cosine),
            Median(matches, m => m.Correlation),
            Median(among, m => m.Correlation),
            copies,
            matches);

        CopyMatch[] Match(IReadOnlyList<ScoredClip> clips, IReadOnlyList<ScoredClip> others, Tensor cosines, string stage)
        {
            var most = (int)Math.Min(Candidates, cosines.isfinite().sum(1).min().ToInt64());
            var (values, order) = cosines.topk(most, 1);
            var (near, which) = (values.data<double>().ToArray(), order.data<long>().ToArray());
            var done = 0;
            return InParallel.Select(Enumerable.Range(0, clips.Count), i =>
            {
                var sound = WavFile.Read(clips[i].Path);
                var best = (Clip: (int)which[i * most], Fit: new CrossCorrelation(-1, 0));
                for (var c = i * most; c < (i + 1) * most; c++)
                {
                    var other = WavFile.Read(others[(int)which[c]].Path);
                    var fit = CrossCorrelation.Of(KaiserResampler.KaiserBest.Resample(sound.Channel(options.Channel), sound.SampleRate, other.SampleRate), other.Channel(options.Channel));
                    if (fit.Value > best.Fit.Value) best = ((int)which[c], fit);
                }

                progress?.Report(new WorkProgress(stage, Interlocked.Increment(ref done), clips.Count));
                return new CopyMatch(clips[i].Name, others[(int)which[i * most]].Name, near[i * most], others[best.Clip].Name, best.Fit.Value, (double)best.Fit.Shift / others[best.Clip].Facts.SampleRate);
            }, stop);
        }
    }

    private Interval Median(IEnumerable<CopyMatch> matches, Func<CopyMatch, double> of) =>
        Bootstrap.Of([[.. matches.Select(of)]], drawn => Quantile.Of(drawn[0], 0.5), options.Seed);
}
