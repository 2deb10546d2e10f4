using System.Diagnostics;
using System.Text.Json;
using MimiiGen.Experiments.Arms;
using MimiiGen.Generation;

namespace MimiiGen.Experiments;

/// <summary>Measures the first steps and clips, and divides the budget by what they took.</summary>
internal sealed class Planning(StudyData data, SharedParts shared, SoundModel model, Action<string>? warn, IProgress<WorkProgress>? progress, CancellationToken stop)
{
    private const double LeastShare = 0.5; // of the budget, whatever the shared parts took
    private const double Judging = 0.5; // seconds to judge a clip, about

    /// <param name="arms">What is to be run.</param>
    /// <param name="pilot">Folder for what is thrown away.</param>
    /// <param name="clock">Runs since the study began.</param>
    public StudyPlan Make(IReadOnlyList<Arm> arms, string pilot, Stopwatch clock)
    {
        var steps = StepSeconds(arms, pilot);
        var sources = arms.Where(a => a.Source is Generated).OrderByDescending(a => a.Kind == ArmKind.Reference).Select(a => (Arm: a, Source: (Generated)a.Source)).ToArray();
        var clip = sources.Length == 0 ? 0 : SecondsPerClip();
        var usual = (double)new Generated().Evaluations(model.Config.Steps, model.Config.Guidance);
        var made = sources.Where(s => s.Source.SharedClips is null).Concat(sources.Where(s => s.Source.SharedClips is not null).DistinctBy(s => s.Source.SharedClips)).ToArray();
        (double Step, double Clip)[] costs =
        [
            .. made.Select(s => (s.Source.Recipe is not { } recipe ? 0 : steps[recipe.EqualTime ? steps.Keys.First() : s.Arm.Name], Judging + (clip * Weight(s.Arm.Name) * s.Source.Evaluations(model.Config.Steps, model.Config.Guidance) / usual))),
            .. Enumerable.Repeat((0.0, Judging), arms.Count - made.Length),
        ];
        var needsBase = sources.Any(s => s.Source.Recipe is { FromBase: true }) && !shared.HasBase;
        var available = data.Tests.Max(t => Math.Max(t.Normals.Count, t.Anomalies.Count));
        var left = Math.Max(LeastShare * data.Options.Budget.TotalSeconds, data.Options.Budget.TotalSeconds - clock.Elapsed.TotalSeconds);
        var (trained, forBase, clips) = Budget.Divide(left, costs, data.Options.Seeds, data.Tests.Count, available, needsBase ? steps.Values.First() : 0, data.Options.FewestSteps);
        return new StudyPlan(trained, forBase, clips, steps, clip, "");

        // a clip of a dearer network is dearer as its steps are; of one that is as cheap or not trained here as the model's
        double Weight(string arm) => steps.TryGetValue(arm, out var own) ? Math.Max(1, own / steps.Values.First()) : 1;
    }

    /// <summary>Of each arm that is trained, the reference first; networks that are alike are measured once.</summary>
    private Dictionary<string, double> StepSeconds(IReadOnlyList<Arm> arms, string pilot)
    {
        var known = new Dictionary<string, double>(StringComparer.Ordinal);
        var steps = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var arm in arms.OrderByDescending(a => a.Kind == ArmKind.Reference))
        {
            if (arm.Source is not Generated { Recipe: { } recipe }) continue;
            if (!known.TryGetValue(Of(recipe), out var seconds))
            {
                progress?.Report(new WorkProgress("measuring training steps", known.Count, 0));
                known[Of(recipe)] = seconds = new ArmTraining(data, shared, warn, null, stop).SecondsPerStep(recipe, pilot);
            }

            steps[arm.Name] = seconds;
        }

        return steps;
    }

    private static string Of(Recipe recipe) => JsonSerializer.Serialize(recipe.Architecture.UNet) + recipe.Architecture.TextEncoder?.Model;

    /// <summary>Of one of several clips made at once by the model as it is; arms' own generators are smaller or alike.</summary>
    private double SecondsPerClip()
    {
        progress?.Report(new WorkProgress("measuring clips", 0, ClipMaker.AtOnce));
        var clip = TestClips.Of(data.Tests, 1)[0];
        var maker = new ClipMaker(model, new Generated(), null, null);
        var generator = new ClipGenerator(model, new SamplingSettings());
        generator.Generate(maker.Request(clip, 0, 0), stop: stop); // makes what the others reuse
        var clock = Stopwatch.StartNew();
        generator.Generate([.. Enumerable.Range(0, ClipMaker.AtOnce).Select(i => maker.Request(clip, i, 0))], stop: stop);
        progress?.Report(new WorkProgress("measuring clips", ClipMaker.AtOnce, ClipMaker.AtOnce));
        return clock.Elapsed.TotalSeconds / ClipMaker.AtOnce;
    }
}
