using MimiiGen.Detection;
using MimiiGen.Evaluation.Report;

namespace MimiiGen.Evaluation;

/// <summary>Fits the detectors of an evaluation to a machine's training clips and asks each of all test clips; one that fails is named and the others go on.</summary>
internal sealed class DetectorComparisons(EvaluationOptions options, int seed, IProgress<WorkProgress>? progress, CancellationToken stop)
{
    /// <param name="machine">For progress and errors.</param>
    /// <param name="training">Normal clips to learn from.</param>
    /// <param name="groups">Real normals, real anomalies, generated normals, generated anomalies, resampled real normals, coded real normals, and those that it learned from.</param>
    /// <exception cref="BadInputException">The first detector fails: controls and verdict rest on it.</exception>
    public (IReadOnlyList<DetectorComparison> Detectors, ControlResult Controls) Of(string machine, IReadOnlyList<DetectorClip> training, DetectorClip[][] groups)
    {
        using var set = new DetectorSet(options);
        var comparisons = new List<DetectorComparison>();
        ControlResult? controls = null;
        for (var i = 0; i < set.All.Count; i++)
        {
            var (kind, detector, failure) = set.All[i];
            var place = i;
            try
            {
                if (detector is null) throw new BadInputException(failure!);
                detector.Fit(training, progress is null ? null : new Share(share => progress.Report(new WorkProgress($"training detectors, {machine}", place + share, set.All.Count, kind.Text))), stop);
                // the controls are for the first alone: a table of scores knows no clips but those that exist
                var asked = i == 0 ? groups : groups[..4];
                var answers = Split(detector.Score([.. asked.SelectMany(g => g)], stop), asked);
                comparisons.Add(new DetectorComparison(kind.Text, detector.Name, null, DetectorOutcome.Of(Groups(groups, answers), seed)));
                if (i == 0) controls = new ControlResult(Against(4), Against(5), Against(6), Against(2));

                Interval Against(int group) => Bootstrap.Auc(answers[0], answers[group], seed);
            }
            catch (BadInputException e) when (i > 0)
            {
                comparisons.Add(new DetectorComparison(kind.Text, detector?.Name ?? kind.Text, e.Message, null));
            }
            catch (BadInputException e)
            {
                throw new BadInputException($"{machine}: the first detector, {kind.Text}, on which controls and verdict rest, fails ({e.Message}); name one first that hears sounds, such as autoencoder", e);
            }
        }

        progress?.Report(new WorkProgress($"training detectors, {machine}", 1, 1));
        return (comparisons, controls!);
    }

    private static double[][] Split(IReadOnlyList<double> scores, DetectorClip[][] groups)
    {
        var first = 0;
        return [.. groups.Select(g => scores.Skip((first += g.Length) - g.Length).Take(g.Length).ToArray())];
    }

    private static ScoreGroups Groups(DetectorClip[][] clips, double[][] scores)
    {
        IReadOnlyList<ClipScore> Of(int g) => [.. clips[g].Zip(scores[g], (c, s) => new ClipScore(c.Name, s))];
        return new ScoreGroups(Of(0), Of(1), Of(2), Of(3));
    }

    private sealed class Share(Action<double> report) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => report(value.Fraction ?? 0);
    }
}
