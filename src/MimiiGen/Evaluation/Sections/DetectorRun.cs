using MimiiGen.Datasets;
using MimiiGen.Detection;

namespace MimiiGen.Evaluation.Sections;

/// <summary>One detector on all sections of a dataset: fitted to each section's normal training clips, asked of its test clips.</summary>
/// <param name="dataset">Clips with a split.</param>
/// <param name="embeddings">Embeddings by name, for detectors that take one.</param>
/// <param name="warn">Told of sections that are left out, one line each.</param>
/// <param name="progress">Reports by stage.</param>
/// <param name="cancel">Stops between clips.</param>
public sealed class DetectorRun(
    Dataset dataset, Func<string, ClipVectors?>? embeddings = null, Action<string>? warn = null, IProgress<WorkProgress>? progress = null, CancellationToken cancel = default)
{
    private const int FewestNormals = 2;

    /// <summary>How the training of detectors is set.</summary>
    /// <param name="Epochs">Of an auto-encoder; null for the published ones.</param>
    /// <param name="Seed">Draws whatever is drawn.</param>
    /// <param name="Timeout">Of a user's program; null for <see cref="DetectorKind.DefaultTimeout"/>.</param>
    public sealed record Settings(int? Epochs = null, ulong Seed = 0, TimeSpan? Timeout = null);

    /// <summary>Fits a detector to each section and writes them to a folder: <c>MACHINE/section_NN/detector.json</c> and <c>.safetensors</c>.</summary>
    /// <returns>The names of the sections fitted.</returns>
    /// <exception cref="BadInputException">No section can be fitted, or the detector is none that is kept in a file.</exception>
    public IReadOnlyList<string> Fit(DetectorKind kind, Settings settings, string folder)
    {
        ArgumentNullException.ThrowIfNull(kind);
        if (!kind.IsKept) throw new BadInputException($"--detector {kind.Text} has nothing to fit: use it with 'detect score'");
        var fitted = new List<string>();
        foreach (var section in DetectorSection.Of(dataset))
            Attempt(section, () =>
            {
                using var detector = (SoundDetector)kind.Create(settings.Epochs, settings.Seed, embeddings);
                var scores = Learn(detector, section);
                DetectorFolder.Write(Path.Combine(folder, section.Name), detector, new(kind.Text, detector.SampleRate, Threshold(scores), scores, settings.Seed));
                fitted.Add(section.Name);
            });
        return fitted.Count > 0 ? fitted : throw new BadInputException($"{dataset.Root}: no section could be fitted");
    }

    /// <summary>Scores the test clips with detectors that <see cref="Fit"/> wrote, and writes the baseline's files.</summary>
    public IReadOnlyList<SectionResult> ScoreFitted(string fitted, string folder) => Score(folder, section =>
    {
        if (DetectorFolder.Read(Path.Combine(fitted, section.Name), embeddings) is not { } found)
            throw new BadInputException($"{fitted} holds no detector fitted to it");
        using (found.Detector) return (Ask(found.Detector, section), found.Card.Threshold);
    });

    /// <summary>Fits and scores in one go: for detectors that bring their scores along, or to keep nothing.</summary>
    public IReadOnlyList<SectionResult> Score(DetectorKind kind, Settings settings, string folder) => Score(folder, section =>
    {
        using var detector = kind.Create(settings.Epochs, settings.Seed, embeddings, settings.Timeout);
        if (detector is ScoreTable or OnnxDetector) return (Ask(detector, section), OwnThreshold(detector, section));
        if (detector is SoundDetector sound)
        {
            var training = Learn(sound, section);
            return (Ask(sound, section), Threshold(training));
        }

        // a program learns and scores in one go: the training clips are asked along, for the threshold
        var (normals, tests) = (Clips(section.TrainingNormals), Clips(section.TestClips));
        Require(section);
        detector.Fit(normals, progress, cancel);
        var scores = detector.Score([.. tests, .. normals], cancel);
        return ([.. scores.Take(tests.Length)], Threshold([.. scores.Skip(tests.Length)]));
    });

    private List<SectionResult> Score(string folder, Func<DetectorSection, (IReadOnlyList<double> Scores, double? Threshold)> scoring)
    {
        var results = new List<SectionResult>();
        var sections = DetectorSection.Of(dataset).ToLookup(s => s.TestClips.Count > 0);
        if (sections[false].Any()) warn?.Invoke($"left out, for they have no test clips: {string.Join(", ", sections[false].Select(s => s.Name))}");
        foreach (var section in sections[true])
            Attempt(section, () =>
            {
                var (scores, threshold) = scoring(section);
                DcaseFiles.WriteSection(folder, section, scores, threshold);
                results.Add(SectionResult.Of(section, scores, threshold));
                progress?.Report(new WorkProgress("scoring sections", results.Count, 0, section.Name));
            });

        if (results.Count == 0) throw new BadInputException($"{dataset.Root}: no section could be scored");
        DcaseFiles.WriteResults(Path.Combine(folder, "result.csv"), results);
        return results;
    }

    /// <summary>One section that fails is named, and the others go on.</summary>
    private void Attempt(DetectorSection section, Action work)
    {
        try
        {
            work();
        }
        catch (BadInputException e)
        {
            warn?.Invoke($"{section.Name} is left out: {e.Message}");
        }
    }

    private IReadOnlyList<double> Learn(SoundDetector detector, DetectorSection section)
    {
        Require(section);
        detector.Fit(Clips(section.TrainingNormals), progress, cancel);
        return detector.TrainingScores;
    }

    private static void Require(DetectorSection section)
    {
        if (section.TrainingNormals.Count < FewestNormals) throw new BadInputException($"{section.TrainingNormals.Count} normal training clips, {FewestNormals} are the least");
    }

    private double[] Ask(IDetector detector, DetectorSection section) => [.. detector.Score(Clips(section.TestClips), cancel)];

    /// <summary>Where a table or model has scores for the training clips too.</summary>
    private double? OwnThreshold(IDetector detector, DetectorSection section)
    {
        if (section.TrainingNormals.Count < FewestNormals) return null;
        try
        {
            return Threshold([.. detector.Score(Clips(section.TrainingNormals), cancel)]);
        }
        catch (BadInputException)
        {
            return null; // scores of test clips are all that is asked for
        }
    }

    private static double? Threshold(IReadOnlyList<double> scores) => scores.Distinct().Count() < 2 ? null : DecisionThreshold.Of(scores);

    private static DetectorClip[] Clips(IReadOnlyList<DatasetClip> clips) =>
        [.. clips.Zip(ClipAudio.Read(clips), (clip, sound) => new DetectorClip(clip.FileName, sound, clip.Metadata.Domain))];
}
