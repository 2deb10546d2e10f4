using System.Text.Json;
using MimiiGen.Checkpoints;
using MimiiGen.Experiments.Arms;

namespace MimiiGen.Experiments;

/// <summary>How much of everything a budget pays for; decided once, kept in <c>plan.json</c>, so that a study that goes on does the same.</summary>
/// <param name="TrainingSteps">Gradient steps of each training; of one that is to take as long as the reference's, those of the reference.</param>
/// <param name="BaseSteps">Those of the base that arms go on from; 0 where none does.</param>
/// <param name="ClipsPerClass">Test clips of each machine and class.</param>
/// <param name="SecondsPerStep">Measured, of each arm that is trained; the first is the reference.</param>
/// <param name="SecondsPerClip">Measured, with the model's usual sampling.</param>
/// <param name="Asked">What the plan was made for: another question needs another folder.</param>
public sealed record StudyPlan(int TrainingSteps, int BaseSteps, int ClipsPerClass, IReadOnlyDictionary<string, double> SecondsPerStep, double SecondsPerClip, string Asked)
{
    /// <summary>Gradient steps of an arm's training.</summary>
    internal int StepsOf(string arm, Recipe recipe) => recipe.EqualTime ? Math.Max(1, (int)Math.Round(TrainingSteps * SecondsPerStep.Values.First() / SecondsPerStep[arm])) : TrainingSteps;

    /// <summary>A short text that differs for other plans.</summary>
    internal string Mark => SharedParts.Mark(Asked, $"{TrainingSteps}/{ClipsPerClass}");

    /// <summary>The plan of a folder, or else the one that is made now.</summary>
    /// <exception cref="BadInputException">The folder's was made for other data or options.</exception>
    internal static StudyPlan ReadOrMake(string path, string asked, Func<StudyPlan> make)
    {
        if (File.Exists(path))
        {
            var known = JsonSerializer.Deserialize<StudyPlan>(File.ReadAllText(path), JsonSerializerOptions.Web)!;
            return known.Asked == asked ? known : throw new BadInputException($"{path}: this study was begun with other options ({known.Asked}); go on with those, or give another --out");
        }

        var plan = make() with { Asked = asked };
        AtomicFile.WriteText(path, JsonSerializer.Serialize(plan, JsonSerializerOptions.Web));
        return plan;
    }
}
