using System.Diagnostics;
using MimiiGen.Audio;
using MimiiGen.Datasets;
using MimiiGen.Generation;

namespace MimiiGen.Evaluation;

/// <summary>
/// Real test clips sent once through a codec, without quantisation and at each of its bandwidths: what it does to level and spectrum, and what a
/// detector trained on real normal clips makes of it.
/// </summary>
/// <param name="dataset">Real clips with a split into training and test.</param>
/// <param name="model">Whose codec it is, and how it is used.</param>
/// <param name="options">Detectors and seed; the rest is not used.</param>
public sealed class BandwidthStudy(Dataset dataset, SoundModel model, EvaluationOptions options)
{
    private readonly int bootstrapSeed = (int)(options.Seed & int.MaxValue);

    /// <summary>Runs it.</summary>
    /// <param name="warn">Told of clips that are left out.</param>
    /// <param name="progress">By stage.</param>
    /// <param name="stop">Stops between clips.</param>
    /// <exception cref="BadInputException">No machine has the clips it needs.</exception>
    public BandwidthResult Run(Action<string>? warn = null, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        var clock = Stopwatch.StartNew();
        var real = new Dictionary<string, Interval>(StringComparer.Ordinal);
        var rows = new List<BandwidthRow>();
        double?[] bandwidths = [null, .. model.Codec.Config.TargetBandwidths.OrderDescending().Select(b => (double?)b)];
        foreach (var test in MachineTest.Of(UsableClips.Of(dataset, warn, stop), warn))
        {
            var machine = $"{test.Machine} {test.Id}";
            var (normals, anomalies) = (ClipAudio.Read(test.Normals), ClipAudio.Read(test.Anomalies));
            using var detector = new DetectorEnsemble(ClipAudio.Read(test.TrainingNormals), options, share => progress?.Report(new WorkProgress($"training detectors, {machine}", share, 1)), stop);
            var original = (Normals: detector.Score(normals), Anomalies: detector.Score(anomalies));
            real[machine] = Bootstrap.Auc(original.Normals, original.Anomalies, bootstrapSeed);
            foreach (var bandwidth in bandwidths)
            {
                progress?.Report(new WorkProgress($"coding, {machine}", Array.IndexOf(bandwidths, bandwidth), bandwidths.Length));
                var codedNormals = Code(normals, bandwidth, stop);
                var codedAnomalies = Code(anomalies, bandwidth, stop);
                var coded = (Normals: detector.Score(codedNormals), Anomalies: detector.Score(codedAnomalies));
                rows.Add(new BandwidthRow(
                    test.Machine,
                    test.Id,
                    bandwidth,
                    CopyFidelity.Of([.. normals, .. anomalies], [.. codedNormals, .. codedAnomalies]),
                    Bootstrap.Auc(coded.Normals, coded.Anomalies, bootstrapSeed),
                    Bootstrap.PairedAucDifference(original, coded, bootstrapSeed),
                    Bootstrap.Auc(original.Normals, coded.Normals, bootstrapSeed)));
            }

            progress?.Report(new WorkProgress($"coding, {machine}", 1, 1));
        }

        return new BandwidthResult(model.Config.Name, real, rows, DetectorEnsemble.Describe(options), options.Seed, Math.Round(clock.Elapsed.TotalSeconds, 1));
    }

    private Waveform[] Code(IReadOnlyList<Waveform> clips, double? bandwidth, CancellationToken stop) => [.. clips.Select(clip =>
    {
        stop.ThrowIfCancellationRequested();
        return RoundTrip.Coded(clip, model.Codec, model.Config with { LatentBandwidth = bandwidth, RequantizeBandwidth = null });
    })];
}
