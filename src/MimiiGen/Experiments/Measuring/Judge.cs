using MimiiGen.Evaluation;
using MimiiGen.Experiments.Arms;

namespace MimiiGen.Experiments.Measuring;

/// <summary>Measures the clips of every arm in the same way.</summary>
internal sealed class Judge : IDisposable
{
    private readonly int seed;
    private readonly CancellationToken stop;
    private readonly SoundEmbedder embedder;
    private readonly SetMeasures sets;
    private readonly DetectorMeasures detectors;
    private readonly CaptionMeasure captions;

    public Judge(StudyData data, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        var cache = Path.Combine(data.Options.Shared, "embeddings");
        (seed, this.stop) = ((int)(data.Options.Seed & int.MaxValue), stop);
        embedder = SoundEmbedder.Load(data.Options.Embedding);
        sets = new SetMeasures(data, embedder, cache, progress, stop);
        detectors = new DetectorMeasures(data, embedder, progress, stop);
        captions = new CaptionMeasure(data, cache);
    }

    /// <summary>Name and hash of the embedding that clips are compared in.</summary>
    public string Embedding => $"{SoundEmbedder.Name}, SHA-256 {embedder.WeightsHash}";

    public (IReadOnlyList<Measure> Measures, IReadOnlyList<FaultOutcome> Faults) Of(MadeClips made, string detector)
    {
        var (ofDetector, faults) = detectors.Of(made, detector);
        Measure[] ofMaking =
        [
            .. new (Metric Metric, double? Value)[] { (Metric.Seconds, made.SecondsPerClip), (Metric.Parameters, made.Parameters), (Metric.TrainingSteps, made.TrainingSteps), (Metric.Validation, made.Validation) }
                .Where(m => m.Value is not null).Select(m => Measure.Of(m.Metric, m.Value)),
        ];
        return ([.. sets.Of(made), .. captions.Of(made, seed, stop), .. ofDetector, .. ofMaking], faults);
    }

    public void Dispose()
    {
        captions.Dispose();
        detectors.Dispose();
        sets.Dispose();
        embedder.Dispose();
    }
}
