using MimiiGen.Datasets;
using MimiiGen.Experiments.Arms;

namespace MimiiGen.Experiments.Studies;

/// <summary>What several studies ask of the conditions of the training clips.</summary>
internal static class Conditions
{
    private static readonly ClipMetadata Nothing = new() { Machine = "machine" };

    /// <exception cref="BadInputException">There is one condition alone.</exception>
    public static void RequireSeveral(StudyData data, string study)
    {
        if (data.Training.Select(c => c.Metadata.ConditionKey).Distinct().Count() < 2)
            throw new BadInputException($"{data.Dataset.Root}: {study} needs training clips of at least two conditions or states, there is one: {data.Training[0].Metadata.ConditionKey}");
    }

    /// <summary>An arm that knows nothing of its clips.</summary>
    public static Arm Unknown(StudyData data, string name, string what) => new(name, what, new Generated
    {
        Recipe = new Recipe { Architecture = data.Architecture, FromBase = true, Known = (_, _, _) => Nothing, Caption = _ => "" },
        Told = _ => Nothing,
        Caption = _ => "",
    });
}
