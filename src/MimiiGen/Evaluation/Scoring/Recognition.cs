using MimiiGen.Datasets;
using MimiiGen.Evaluation.Embedding;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Scoring;

/// <summary>
/// The classification accuracy score (Ravuri and Vinyals 2019, turned round): classifiers of fault and condition learn from the embeddings of real clips and
/// are asked about generated ones. Beside it stands their accuracy on real clips that they have not heard.
/// </summary>
/// <param name="embedder">The embedding model.</param>
/// <param name="options">Channel, cache, seed.</param>
public sealed class Recognition(IClipEmbedder embedder, ScoreOptions options)
{
    private const int Folds = 5;

    /// <summary>Compares the clips of two folders whose metadata is known.</summary>
    /// <param name="realFolder">Real clips.</param>
    /// <param name="generatedFolder">Generated clips, each with its record or in a layout like the real ones'.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="stop">Stops.</param>
    /// <exception cref="BadInputException">As for <see cref="ComparedSets.Read"/>, or there is nothing to tell apart.</exception>
    public RecognitionResult Run(string realFolder, string generatedFolder, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        using var sets = ComparedSets.Read(realFolder, generatedFolder, embedder, options, progress, stop);
        var (real, generated) = (ClipLabels.Of(realFolder, sets.Real.Clips), ClipLabels.Of(generatedFolder, sets.Generated.Clips));
        var tasks = Tasks(sets, real, generated);
        if (tasks.Count == 0)
            throw new BadInputException($"{realFolder}: nothing to tell apart: at least two faults or conditions need two clips or more each, and the generated clips must be of them");
        return new RecognitionResult(
            new ScoreSide(realFolder, sets.Real.Clips.Count, sets.Real.Seconds),
            new ScoreSide(generatedFolder, sets.Generated.Clips.Count, sets.Generated.Seconds),
            sets.Notes,
            embedder.Name,
            embedder.WeightsHash,
            tasks);
    }

    /// <summary>Fault and condition, as far as there are several, of clips whose metadata is known.</summary>
    internal IReadOnlyList<RecognitionTask> Tasks(ComparedSets sets, ClipMetadata[] real, ClipMetadata[] generated)
    {
        (string Name, Func<ClipMetadata, string> Of)[] properties = [("fault", ClipLabels.Fault), ("condition", ClipLabels.Condition)];
        return [.. properties.Select(p => Task(p.Name, sets, [.. real.Select(p.Of)], [.. generated.Select(p.Of)])).OfType<RecognitionTask>()];
    }

    private RecognitionTask? Task(string property, ComparedSets sets, string[] real, string[] generated)
    {
        string[] classes = [.. real.GroupBy(l => l).Where(g => g.Count() >= 2).Select(g => g.Key).Order(StringComparer.Ordinal)];
        int[] known = [.. Enumerable.Range(0, real.Length).Where(i => classes.Contains(real[i]))];
        int[] asked = [.. Enumerable.Range(0, generated.Length).Where(i => classes.Contains(generated[i]))];
        if (classes.Length < 2 || asked.Length == 0) return null;
        using var scope = NewDisposeScope();
        int Class(string label) => Array.IndexOf(classes, label);
        var folds = Stratified([.. known.Select(i => Class(real[i]))], new Random(options.Seed));
        var heldOut = new double[known.Length];
        var recognised = new double[asked.Length];
        var number = folds.Max() + 1;
        for (var fold = 0; fold < number; fold++)
        {
            int[] learn = [.. known.Where((_, k) => folds[k] != fold)];
            int[] test = [.. Enumerable.Range(0, known.Length).Where(k => folds[k] == fold)];
            using var classifier = RidgeClassifier.Train(Pick(sets.Real, learn), [.. learn.Select(i => Class(real[i]))], classes.Length);
            foreach (var (k, answer) in test.Zip(classifier.Classify(Pick(sets.Real, [.. test.Select(k => known[k])])))) heldOut[k] = answer == Class(real[known[k]]) ? 1 : 0;
            foreach (var (answer, k) in classifier.Classify(Pick(sets.Generated, asked)).Select((a, k) => (a, k))) recognised[k] += answer == Class(generated[asked[k]]) ? 1.0 / number : 0;
        }

        var frequent = classes.MaxBy(c => known.Count(i => real[i] == c));
        var (realAccuracy, generatedAccuracy) = (Mean(heldOut), Mean(recognised));
        var (realChance, generatedChance) = ((double)known.Count(i => real[i] == frequent) / known.Length, (double)asked.Count(i => generated[i] == frequent) / asked.Length);
        return new RecognitionTask(
            property, classes, realAccuracy, generatedAccuracy, realChance, generatedChance, known.Length, asked.Length, Verdict(property, realAccuracy, generatedAccuracy, realChance));

        Interval Mean(double[] values) => Bootstrap.Of([values], drawn => drawn[0].Average(), options.Seed);
    }

    private static string Verdict(string property, Interval real, Interval generated, double chance) =>
        real.Low <= chance ? $"says nothing: real clips' {property} isn't recognised better than by chance in this embedding"
        : generated.Low >= real.Estimate ? $"the {property} comes through, even more plainly than in real clips"
        : generated.High >= real.Low ? $"the {property} comes through as in real clips, as far as so many clips can tell"
        : $"the {property} comes through less than in real clips";

    /// <summary>The fold of each item, every class spread evenly over the folds; no more folds than the smallest class has items.</summary>
    private static int[] Stratified(int[] labels, Random random)
    {
        var folds = new int[labels.Length];
        var number = Math.Min(Folds, labels.GroupBy(l => l).Min(g => g.Count()));
        foreach (var group in Enumerable.Range(0, labels.Length).GroupBy(i => labels[i]))
        {
            int[] items = [.. group];
            random.Shuffle(items);
            for (var i = 0; i < items.Length; i++) folds[items[i]] = i % number;
        }

        return folds;
    }

    private static Tensor Pick(ScoredSet set, int[] clips) => set.Means.index_select(0, tensor(clips.Select(c => (long)c).ToArray()));
}
