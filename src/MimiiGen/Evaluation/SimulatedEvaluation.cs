using System.Diagnostics;
using MimiiGen.Audio;
using MimiiGen.Datasets;
using MimiiGen.Detection;
using MimiiGen.Evaluation.Agreement;
using MimiiGen.Evaluation.Report;
using MimiiGen.Generation;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>
/// The simulated evaluation: clips are generated for the metadata of real test clips, a detector is trained on real normal clips, and its verdict on
/// the generated clips is compared with that on the real ones (arXiv 2409.18542), beside the controls that say whether the comparison means anything.
/// </summary>
public sealed class SimulatedEvaluation
{
    private const int WorstCases = 2;

    private readonly Dataset dataset;
    private readonly SoundModel model;
    private readonly SoundEmbedder embedder;
    private readonly EvaluationOptions options;
    private readonly string folder;
    private readonly IProgress<WorkProgress>? progress;
    private readonly CancellationToken stop;
    private readonly int bootstrapSeed;

    /// <param name="dataset">Real clips with a split into training and test.</param>
    /// <param name="model">The generator.</param>
    /// <param name="embedder">For the Fréchet audio distance and the search for copies.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="folder">Where clips, results.json and report.html go.</param>
    /// <param name="progress">Reports by stage.</param>
    /// <param name="stop">Stops between clips.</param>
    public SimulatedEvaluation(
        Dataset dataset, SoundModel model, SoundEmbedder embedder, EvaluationOptions options, string folder, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        (this.dataset, this.model, this.embedder, this.options, this.folder, this.progress, this.stop) = (dataset, model, embedder, options, folder, progress, stop);
        bootstrapSeed = (int)(options.Seed & int.MaxValue);
    }

    /// <summary>Runs it and writes clips, results.json, report.html and spectrograms.png.</summary>
    /// <param name="warn">Told of what is left out and why.</param>
    /// <exception cref="BadInputException">The data can't answer the question.</exception>
    public EvaluationResult Run(Action<string>? warn = null)
    {
        var clock = Stopwatch.StartNew();
        var tests = MachineTest.Of(UsableClips.Of(dataset, warn, stop), warn);
        var generator = new ClipGenerator(model, options.Sampling, warn);
        var total = tests.Sum(t => t.Normals.Count + t.Anomalies.Count) * options.ClipsPerTestClip;
        var generated = new GeneratedTestSet(generator, folder, options.Seed);
        var made = 0;
        var machines = new List<MachineResult>();
        var pairs = new List<ClipPair>();
        var sounds = new List<ClipSet>();
        foreach (var test in tests)
        {
            var normals = generated.Make(test, test.Normals, options.ClipsPerTestClip, Started, stop);
            var anomalies = generated.Make(test, test.Anomalies, options.ClipsPerTestClip, Started, stop);
            var (machine, set) = Judge(test, normals, anomalies);
            machines.Add(machine);
            sounds.Add(set);
            pairs.Add(Pair(test, test.Normals[0], normals[0].File));
            pairs.Add(Pair(test, test.Anomalies[0], anomalies[0].File));
            pairs.AddRange(Worst(test, machine));
        }

        var result = new EvaluationResult
        {
            Machines = machines,
            DetectorAgreement = DetectorAgreement.OfDetectors(machines, bootstrapSeed),
            MachineAgreement = DetectorAgreement.OfMachines(machines, bootstrapSeed),
            Fad = Fad(sounds),
            Settings = Settings(generator),
            Pairs = pairs,
            Seconds = Math.Round(clock.Elapsed.TotalSeconds, 1),
        };
        foreach (var set in sounds) set.Dispose();
        ResultsFile.Write(Path.Combine(folder, "results.json"), result);
        ResultTables.Write(folder, result);
        HtmlReport.Write(Path.Combine(folder, "report.html"), result);
        PairPicture.Write(Path.Combine(folder, "spectrograms.png"), folder, pairs);
        return result;

        void Started(ClipRequest request) =>
            progress?.Report(new WorkProgress("generating clips", ++made, total, $"{request.Metadata!.Machine}, {(request.Metadata.Anomaly ? "anomaly" : "normal")}"));
    }

    private (MachineResult Result, ClipSet Sounds) Judge(
        MachineTest test, IReadOnlyList<(string File, Waveform Clip)> generatedNormals, IReadOnlyList<(string File, Waveform Clip)> generatedAnomalies)
    {
        var name = $"{test.Machine} {test.Id}";
        var known = ClipAudio.Read(test.TrainingClips);
        Waveform[] Known(bool anomaly) => [.. known.Where((_, i) => test.TrainingClips[i].Metadata.Anomaly == anomaly)];
        var training = Known(anomaly: false);
        var realNormals = ClipAudio.Read(test.Normals);
        var realAnomalies = ClipAudio.Read(test.Anomalies);
        Waveform[] madeNormals = [.. generatedNormals.Select(c => c.Clip)];
        Waveform[] madeAnomalies = [.. generatedAnomalies.Select(c => c.Clip)];
        DetectorClip[][] groups =
        [
            Clips("", test.Normals, realNormals), Clips("", test.Anomalies, realAnomalies),
            [.. generatedNormals.Select((c, i) => new DetectorClip(c.File, c.Clip, Like(test.Normals, i).Domain))], [.. generatedAnomalies.Select((c, i) => new DetectorClip(c.File, c.Clip, Like(test.Anomalies, i).Domain))],
            Clips("resampled/", test.Normals, [.. realNormals.Select(c => RoundTrip.Resampled(c, model.Codec.Config.SamplingRate))]), Clips("coded/", test.Normals, [.. realNormals.Select((c, i) => RoundTrip.Coded(c, model.Codec, model.Config, (ulong)i))]),
        ];
        var fitted = Clips("", test.TrainingNormals, training);
        var (comparisons, controls) = new DetectorComparisons(options, bootstrapSeed, progress, stop).Of(name, fitted, [.. groups, fitted]);
        progress?.Report(new WorkProgress($"scoring, {name}", 0, 1));
        var main = comparisons[0].Outcome!;
        var (rn, ra, gn, ga) = (Scored(test.Normals, main.Scores.RealNormal), Scored(test.Anomalies, main.Scores.RealAnomaly), Scored(test.Normals, main.Scores.GeneratedNormal), Scored(test.Anomalies, main.Scores.GeneratedAnomaly));
        var set = new ClipSet(
            embedder.Embed(known, cancel: stop), embedder.Embed([.. realNormals, .. realAnomalies], cancel: stop), embedder.Embed([.. madeNormals, .. madeAnomalies], cancel: stop));
        progress?.Report(new WorkProgress($"scoring, {name}", 1, 1));
        var result = new MachineResult
        {
            Machine = test.Machine,
            Id = test.Id,
            Real = main.Real,
            Generated = main.Generated,
            Mixed = main.Mixed,
            Swapped = main.Swapped,
            Detectors = comparisons,
            Conditions = ConditionTable.Of(rn, ra, gn, ga, bootstrapSeed),
            AucDifference = main.AucDifference,
            Controls = controls,
            Classes = [Compare("normal", realNormals, madeNormals, training), Compare("anomaly", realAnomalies, madeAnomalies, Known(anomaly: true))],
            NearestTraining = Nearest(set, [.. generatedNormals.Concat(generatedAnomalies).Select(c => c.File)], [.. test.TrainingClips.Select(c => c.FileName)]),
            Counts = new ClipCounts(training.Length, rn.Length, ra.Length, gn.Length, ga.Length),
            Scores = main.Scores,
        };
        return (result, set);
    }

    private static DetectorClip[] Clips(string prefix, IReadOnlyList<DatasetClip> clips, IReadOnlyList<Waveform> sounds) =>
        [.. clips.Zip(sounds, (clip, sound) => new DetectorClip(prefix + clip.FileName, sound, clip.Metadata.Domain))];

    /// <summary>Generated clip i was made for the metadata of real clip i, round and round.</summary>
    private static ClipMetadata Like(IReadOnlyList<DatasetClip> real, int i) => real[i % real.Count].Metadata;

    private static ConditionTable.Scored[] Scored(IReadOnlyList<DatasetClip> real, IReadOnlyList<ClipScore> scores) => [.. scores.Select((s, i) => new ConditionTable.Scored(Like(real, i), s.Score))];

    /// <summary>Where the first detector's score of a generated clip lies farthest from that of the real clip of the same metadata.</summary>
    private static IEnumerable<ClipPair> Worst(MachineTest test, MachineResult machine) =>
        new[] { (Real: test.Normals, machine.Scores.RealNormal, machine.Scores.GeneratedNormal), (Real: test.Anomalies, machine.Scores.RealAnomaly, machine.Scores.GeneratedAnomaly) }
            .SelectMany(g => g.Item3.Select((made, i) => (Clip: g.Real[i % g.Real.Count], Real: g.Item2[i % g.Real.Count].Score, Made: made)).Skip(1)) // the first of a class is shown anyway
            .OrderByDescending(p => Math.Abs(p.Made.Score - p.Real)).Take(WorstCases)
            .Select(p => Pair(test, p.Clip, p.Made.Clip) with { Note = FormattableString.Invariant($"among the worst cases: the detector gives the real clip {p.Real:g4}, the generated one {p.Made.Score:g4}") });

    private static ClassResult Compare(string name, IReadOnlyList<Waveform> real, IReadOnlyList<Waveform> made, Waveform[] training)
    {
        using var realProfiles = MelProfiles.Of(real);
        using var madeProfiles = MelProfiles.Of(made);
        using var trainingProfiles = training.Length > 0 ? MelProfiles.Of(training) : null;
        var levels = AverageLevels.Of(real);
        var difference = AverageLevels.Of(made).Minus(levels);
        var known = training.Length > 0 ? AverageLevels.Of(training).Minus(levels) : null;
        return new ClassResult
        {
            Name = name,
            RealSpreadDb = realProfiles.Spread,
            GeneratedSpreadDb = madeProfiles.Spread,
            LevelErrorDb = difference.RmsDb,
            BandErrorDb = difference.OctaveBandsDb,
            TimeVarianceRatio = madeProfiles.VarianceRatioTo(realProfiles),
            Training = known is null ? null : new ClassDifference { LevelErrorDb = known.RmsDb, BandErrorDb = known.OctaveBandsDb, TimeVarianceRatio = trainingProfiles!.VarianceRatioTo(realProfiles) },
        };
    }

    private static NearestTraining Nearest(ClipSet set, IReadOnlyList<string> files, IReadOnlyList<string> training)
    {
        var made = NearestClip.Of(set.Generated.Embeddings, set.Training.Embeddings);
        var real = NearestClip.Of(set.Real.Embeddings, set.Training.Embeddings);
        var closest = Enumerable.Range(0, made.Count).MaxBy(i => made[i].Similarity);
        var closestReal = real.Max(n => n.Similarity);
        return new NearestTraining(
            1 - made.Average(n => n.Similarity), 1 - real.Average(n => n.Similarity), files[closest], training[made[closest].Index], 1 - made[closest].Similarity,
            made.Count(n => n.Similarity > closestReal) / (double)made.Count);
    }

    private static FadResult Fad(IReadOnlyList<ClipSet> sets)
    {
        using var scope = NewDisposeScope();
        var real = cat([.. sets.Select(s => s.Real.Embeddings)]);
        var made = cat([.. sets.Select(s => s.Generated.Embeddings)]);
        var training = cat([.. sets.Select(s => s.Training.Embeddings)]);
        return new FadResult(FrechetDistance.Of(real, made), FrechetDistance.Of(training, real), (int)real.shape[0], (int)made.shape[0]);
    }

    private static ClipPair Pair(MachineTest test, DatasetClip real, string generated) =>
        new(test.Machine, test.Id, real.Metadata.Anomaly ? "anomaly" : "normal", Captions.CaptionTemplate.Write(real.Metadata), Path.GetFullPath(real.Path), generated);

    private EvaluationSettings Settings(ClipGenerator generator) => new()
    {
        Command = options.Command,
        Version = typeof(SimulatedEvaluation).Assembly.GetName().Version!.ToString(3),
        Data = dataset.Root,
        KeptOut = options.KeptOut,
        Model = model.Config.Name,
        WeightsSha256 = model.WeightsSha256(),
        Seed = options.Seed,
        Sampler = generator.SamplerName,
        Steps = generator.Steps,
        Guidance = generator.GuidanceScale,
        Detector = options.Describe(),
        Embedding = SoundEmbedder.Name,
        EmbeddingSha256 = embedder.WeightsHash,
        Resampler = $"Kaiser-windowed sinc, width {KaiserResampler.Steep.Width}, rolloff {KaiserResampler.Steep.Rolloff}, beta {KaiserResampler.Steep.Beta:0.###}",
        Intervals = $"95 %, {Bootstrap.DefaultResamples} bootstrap resamples of clips within each class",
        Torch = torch.__version__,
        Device = model.Device.ToString(),
        Threads = get_num_threads(),
    };

    /// <summary>Embeddings of a machine's clips.</summary>
    private sealed record ClipSet(ClipEmbeddings Training, ClipEmbeddings Real, ClipEmbeddings Generated) : IDisposable
    {
        public void Dispose()
        {
            Training.Dispose();
            Real.Dispose();
            Generated.Dispose();
        }
    }
}
