using MimiiGen.Evaluation;
using MimiiGen.Evaluation.Scoring;
using MimiiGen.Experiments.Arms;
using MimiiGen.Experiments.Measuring;
using MimiiGen.Generation;

namespace MimiiGen.Experiments.Studies;

/// <summary>Whether generated anomalies are as diverse as real ones.</summary>
internal sealed class DiversityStudy() : Study(
    "diversity",
    "Are generated anomalies as diverse as real ones?",
    "clusters that are covered, coverage, spread within a condition, and copies of training clips, at guidance 1, 1.5 and 3",
    "a machine with normal training clips and at least 10 faulty test clips for clusters",
    "sampling alone: nothing is trained",
    "Spread, clusters and distances are those of an embedding that never heard these machines, and with few clips clusters are chance to a good part. No copy found means none by this embedding and by cross-correlation.")
{
    private static readonly Metric Clusters = new("real clips in clusters with generated ones", "1");
    private static readonly Metric Foreign = new("generated clips in clusters of their own", "0");
    private static readonly Metric Copies = new("copies of training clips", "0", "0.0");
    private static readonly Metric Correlation = new("cross-correlation with training clips, ratio", "1; higher the more is copied");

    internal override IReadOnlyList<Metric> Told => [Metric.Spread, Metric.Coverage, Metric.Nearest, Clusters, Correlation];

    internal override IReadOnlyList<Arm> Arms(StudyData data) =>
    [
        Guidance(1) with { Kind = ArmKind.Reference },
        Guidance(1.5),
        Guidance(3),
    ];

    internal override IReadOnlyList<Measure> Further(Arm arm, MadeClips made, StudyData data)
    {
        if (arm.Source is not Generated) return [];
        var options = new ScoreOptions { Seed = (int)(data.Options.Seed & int.MaxValue), CacheFolder = Path.Combine(data.Options.Shared, "embeddings") };
        using var embedder = SoundEmbedder.Load(data.Options.Embedding);
        using var real = new LinkedClips(made.Real.Select(c => c.Clip.Path).Where((_, i) => made.Real[i].Anomaly));
        using var generated = new LinkedClips(made.Files.Select(f => Path.Combine(made.Folder, f)).Where((_, i) => made.Real[i].Anomaly));
        using var training = new LinkedClips(data.Tests.SelectMany(t => t.TrainingClips).Where(c => c.Channel == 0).Select(c => c.Path));
        var copies = new CopySearch(embedder, options).Run(training.Folder, generated.Folder);
        var measures = new List<Measure>
        {
            Measure.Of(Copies, copies.Copies.Count),
            Measure.Of(Correlation, copies.Correlation.Estimate / copies.RealCorrelation.Estimate),
        };
        if (real.Count + generated.Count < 10) return measures;
        var clusters = new ClusterStudy(embedder, options).Run(real.Folder, generated.Folder).Clusterings[0];
        return [.. measures, Measure.Of(Clusters, clusters.Coverage), Measure.Of(Foreign, clusters.Foreign)];
    }

    private static Arm Guidance(double scale) => new($"guidance {scale:0.#}", $"the model as it is, guidance {scale:0.#}", new Generated { Sampling = new SamplingSettings(Guidance: scale) });
}
