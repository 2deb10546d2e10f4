using MimiiGen.Audio;
using MimiiGen.Datasets;
using MimiiGen.Detection;
using MimiiGen.Evaluation;
using MimiiGen.Evaluation.Agreement;
using MimiiGen.Evaluation.Scoring;
using MimiiGen.Experiments.Arms;

namespace MimiiGen.Experiments.Measuring;

/// <summary>What detectors make of an arm's clips. A detector is trained once a machine, on real normal training clips, and asked about all arms.</summary>
internal sealed class DetectorMeasures(StudyData data, SoundEmbedder embedder, IProgress<WorkProgress>? progress, CancellationToken stop) : IDisposable
{
    private readonly Dictionary<(int Machine, string Detector), (DetectorSet Set, IDetector Detector)> fitted = [];
    private readonly int seed = (int)(data.Options.Seed & int.MaxValue);

    public (IReadOnlyList<Measure> Measures, IReadOnlyList<FaultOutcome> Faults) Of(MadeClips made, string detector)
    {
        var differences = new List<Interval>();
        var normals = new List<Interval>();
        var faults = new List<FaultOutcome>();
        foreach (var machine in made.Real.Select((clip, i) => (clip, i)).GroupBy(c => c.clip.Machine))
        {
            var real = Scores(machine.Key, detector, [.. machine.Select(c => new DetectorClip(c.clip.Clip.FileName, ClipAudio.Read([c.clip.Clip])[0], c.clip.Clip.Metadata.Domain))]);
            var other = Scores(machine.Key, detector, [.. machine.Select(c => new DetectorClip(made.Files[c.i], Sound(made, c.i), c.clip.Clip.Metadata.Domain))]);
            TestClip[] clips = [.. machine.Select(c => c.clip)];
            double[] rn = Pick(real, c => !c.Anomaly), ra = Pick(real, c => c.Anomaly), gn = Pick(other, c => !c.Anomaly), ga = Pick(other, c => c.Anomaly);
            differences.Add(Bootstrap.AucDifference((rn, ra), (gn, ga), seed));
            normals.Add(Bootstrap.Auc(rn, gn, seed));
            foreach (var fault in clips.Where(c => c.Anomaly).GroupBy(c => ClipLabels.Fault(c.Clip.Metadata)).Where(g => g.Count() > 1 && rn.Length > 1))
            {
                double[] rf = Pick(real, c => c.Anomaly && ClipLabels.Fault(c.Clip.Metadata) == fault.Key), gf = Pick(other, c => c.Anomaly && ClipLabels.Fault(c.Clip.Metadata) == fault.Key);
                var test = data.Tests[machine.Key];
                faults.Add(new FaultOutcome
                {
                    Machine = $"{test.Machine} {test.Id}",
                    Fault = fault.Key,
                    Detector = detector,
                    Clips = rf.Length,
                    RealAuc = DeLong.Auc(rn, rf),
                    GeneratedAuc = DeLong.Auc(gn, gf),
                    MixedAuc = DeLong.Auc(rn, gf),
                    Difference = DeLong.Difference((rn, rf), (gn, gf)),
                });
            }

            double[] Pick(IReadOnlyList<double> scores, Func<TestClip, bool> which) => [.. scores.Where((_, i) => which(clips[i]))];
        }

        return (
            [
                Measure.Of(Metric.AucDifference, Mean(differences)),
                Measure.Of(Metric.AucDistance, differences.Average(d => Math.Abs(d.Estimate))),
                Measure.Of(Metric.NormalAuc, Mean(normals)),
            ],
            faults);
    }

    public void Dispose()
    {
        foreach (var (set, _) in fitted.Values) set.Dispose();
    }

    /// <summary>The mean over machines; their errors are independent.</summary>
    private static Interval Mean(List<Interval> intervals)
    {
        var mean = intervals.Average(i => i.Estimate);
        double Reach(Func<Interval, double> of) => Math.Sqrt(intervals.Sum(i => Math.Pow(of(i), 2))) / intervals.Count;
        return new Interval(mean, mean - Reach(i => i.Estimate - i.Low), mean + Reach(i => i.High - i.Estimate));
    }

    private static Waveform Sound(MadeClips made, int i)
    {
        var file = WavFile.Read(Path.Combine(made.Folder, made.Files[i]));
        return Waveform.Mono(file.Channel(0), file.SampleRate);
    }

    private IReadOnlyList<double> Scores(int machine, string kind, DetectorClip[] clips)
    {
        if (!fitted.TryGetValue((machine, kind), out var known)) fitted[(machine, kind)] = known = Fit(machine, kind);
        return known.Detector.Score(clips, stop);
    }

    private (DetectorSet Set, IDetector Detector) Fit(int machine, string kind)
    {
        var test = data.Tests[machine];
        var set = new DetectorSet(new EvaluationOptions
        {
            Seed = data.Options.Seed,
            Detectors = [DetectorKind.Parse(kind)],
            DetectorSeeds = data.Options.DetectorSeeds,
            Epochs = data.Options.DetectorEpochs,
            Embeddings = EmbeddingVectors.From(() => embedder),
        });
        var (_, detector, failure) = set.All[0];
        if (detector is null) throw new BadInputException(failure!);
        DatasetClip[] normals = [.. test.TrainingNormals];
        progress?.Report(new WorkProgress($"training detector {kind}, {test.Machine} {test.Id}", 0, 1));
        detector.Fit([.. normals.Zip(ClipAudio.Read(normals), (clip, sound) => new DetectorClip(clip.FileName, sound, clip.Metadata.Domain))], cancel: stop);
        progress?.Report(new WorkProgress($"training detector {kind}, {test.Machine} {test.Id}", 1, 1));
        return (set, detector);
    }
}
