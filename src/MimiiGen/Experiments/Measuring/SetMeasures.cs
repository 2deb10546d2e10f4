using MimiiGen.Evaluation;
using MimiiGen.Evaluation.Embedding;
using MimiiGen.Evaluation.Scoring;
using MimiiGen.Experiments.Arms;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Experiments.Measuring;

/// <summary>What the embedding says of an arm's clips beside the real ones they are for.</summary>
internal sealed class SetMeasures(StudyData data, IClipEmbedder embedder, string cacheFolder, IProgress<WorkProgress>? progress, CancellationToken stop) : IDisposable
{
    private const int Neighbours = 5;
    private const double Smallest = 1e-12;

    private readonly ClipReader reader = new(embedder, cacheFolder);
    private readonly ScoreOptions options = new() { Seed = (int)(data.Options.Seed & int.MaxValue) };
    private readonly Lazy<ScoredSet> training = new(() =>
        new ClipReader(embedder, cacheFolder).Read(data.Dataset.Root, [.. data.Tests.SelectMany(t => t.TrainingClips).Where(c => c.Channel == 0).Select(c => c.FileName).Distinct()], "training", progress, stop));

    public IReadOnlyList<Measure> Of(MadeClips made)
    {
        using var scope = NewDisposeScope();
        using var real = reader.Read(data.Dataset.Root, [.. made.Real.Select(c => c.Clip.FileName)], "real", progress, stop);
        using var other = reader.Read(made.Folder, [.. made.Files], "generated", progress, stop);
        var measures = new List<Measure> { Frechet(real, other) };
        if (real.Logits is not null && other.Logits is not null)
        {
            measures.Add(Measure.Of(Metric.Divergence, Bootstrap.Of([ClassDivergence.SoftmaxOfPairs(real.Logits, other.Logits)], drawn => drawn[0].Average(), options.Seed)));
            measures.Add(Measure.Of(Metric.Inception, InceptionScore.Of(other.Logits).Mean));
        }

        measures.AddRange(Recognised(made, real, other));
        measures.Add(Spread(made, real, other));
        measures.Add(Measure.Of(Metric.Coverage, real.Clips.Count > Neighbours + 1 ? Manifold.Of(real.Means, other.Means, Neighbours).Coverage : null));
        measures.Add(Nearest(real, other));
        measures.AddRange(Levels(real, other));
        return measures;
    }

    public void Dispose()
    {
        if (training.IsValueCreated) training.Value.Dispose();
    }

    private Measure Frechet(ScoredSet real, ScoredSet other)
    {
        var value = FrechetDistance.Of(real.Rows, other.Rows);
        var interval = new ClipBootstrap(real.Clips.Count, other.Clips.Count, options, null, stop).Interval(value, (r, g) =>
        {
            using var x = real.RowsOf(r);
            using var y = other.RowsOf(g);
            return FrechetDistance.Quick(x, y);
        }, lowest: 0);
        return new Measure(Metric.Fad.Name, value, interval[0], interval[1]);
    }

    /// <summary>The classifier of <c>recognise</c>: asked of a clip made for a condition, whatever its request told of it.</summary>
    private IEnumerable<Measure> Recognised(MadeClips made, ScoredSet real, ScoredSet other)
    {
        Datasets.ClipMetadata[] labels = [.. made.Real.Select(c => c.Clip.Metadata with { Microphone = null })];
        var tasks = new Recognition(embedder, options).Tasks(new ComparedSets(real, other, []), labels, labels);
        return tasks.Select(t => Measure.Of(t.Property == "fault" ? Metric.FaultAccuracy : Metric.ConditionAccuracy, t.GeneratedAccuracy));
    }

    /// <summary>Root mean square distance of the clips of a condition to their mean, over the same of the real ones; mean over conditions.</summary>
    private static Measure Spread(MadeClips made, ScoredSet real, ScoredSet other)
    {
        var ratios = made.Real.Select((c, i) => (c.Clip.Metadata.ConditionKey, i)).GroupBy(c => c.ConditionKey).Where(g => g.Count() > 1).Select(g =>
        {
            using var scope = NewDisposeScope();
            var which = tensor(g.Select(c => (long)c.i).ToArray());
            double Of(ScoredSet set) => set.Means.index_select(0, which).var(0).sum().sqrt().ToDouble();
            return Of(other) / Math.Max(Of(real), Smallest);
        }).ToArray();
        return Measure.Of(Metric.Spread, ratios.Length == 0 ? null : ratios.Average());
    }

    private Measure Nearest(ScoredSet real, ScoredSet other)
    {
        double Distance(ScoredSet set) => 1 - NearestClip.Of(set.Means, training.Value.Means).Average(n => n.Similarity);
        return Measure.Of(Metric.Nearest, Distance(other) / Math.Max(Distance(real), Smallest));
    }

    private IEnumerable<Measure> Levels(ScoredSet real, ScoredSet other)
    {
        double[] differences = [.. real.Clips.Zip(other.Clips, (r, o) => o.Facts.Levels.RmsDb - r.Facts.Levels.RmsDb)];
        yield return Measure.Of(Metric.LevelError, Bootstrap.Of([differences], drawn => drawn[0].Average(), options.Seed));
        var bands = real.Clips.Zip(other.Clips, (r, o) => o.Facts.Levels.Minus(r.Facts.Levels).OctaveBandsDb).SelectMany(b => b).GroupBy(b => b.Key);
        yield return Measure.Of(Metric.BandError, bands.Max(b => Math.Abs(b.Average(v => v.Value))));
    }
}
