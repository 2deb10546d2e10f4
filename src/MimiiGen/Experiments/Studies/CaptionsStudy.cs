using MimiiGen.Captions;
using MimiiGen.Datasets;
using MimiiGen.Experiments.Arms;
using MimiiGen.Hub;
using MimiiGen.Text;

namespace MimiiGen.Experiments.Studies;

/// <summary>Whether captions help.</summary>
internal sealed class CaptionsStudy() : Study(
    "captions",
    "Do captions help?",
    "the template's sentence, the metadata as a list, a Flan-T5 sentence (where one has been pulled), no caption but the condition's levels, no condition at all; all go on from one generator trained without captions",
    "training clips of at least two conditions",
    "one base, then a short training of each arm with each seed",
    "Level and spectrum of a clip are drawn from its condition in every arm but the last, so a caption can only add what these leave open. Arms that do not differ after a short training may after a long one.")
{
    internal override IReadOnlyList<Arm> Arms(StudyData data)
    {
        Conditions.RequireSeveral(data, "captions");
        var arms = new List<Arm>
        {
            Of(data, "template", "one sentence in the wording of the published pairs", CaptionTemplate.Write) with { Kind = ArmKind.Reference },
            Of(data, "metadata", "name: value; name: value", MetadataText.Write),
        };
        if (Flan(data) is { } flan) arms.Add(Of(data, "Flan-T5", "a sentence of the language model, checked fact by fact", flan));
        arms.Add(Of(data, "levels alone", "no caption; level and spectrum are still drawn from the condition's training clips", _ => ""));
        arms.Add(Conditions.Unknown(data, "no condition", "no caption, and level and spectrum drawn from all training clips"));
        return arms;
    }

    private static Arm Of(StudyData data, string name, string what, Func<ClipMetadata, string> caption) =>
        new(name, what, new Generated { Recipe = new Recipe { Architecture = data.Architecture, FromBase = true, Caption = caption }, Caption = caption });

    /// <summary>Sentences of the language model, one a condition; null where there is none on this machine.</summary>
    private static Func<ClipMetadata, string>? Flan(StudyData data)
    {
        string folder;
        try
        {
            folder = new HubCache(new HubSettings().CacheFolder).Resolve(data.Options.LanguageModel);
        }
        catch (BadInputException)
        {
            data.Note($"the arm of Flan-T5's captions is left out: {data.Options.LanguageModel} has not been pulled (mimiigen models pull {data.Options.LanguageModel})");
            return null;
        }

        var written = new Dictionary<string, string>(StringComparer.Ordinal);
        return metadata =>
        {
            if (written.TryGetValue(metadata.ConditionKey, out var known)) return known;
            using var model = TextGenerator.FromPretrained(folder);
            return written[metadata.ConditionKey] = new CaptionWriter(model.Sentence, data.Options.Seed).Write(metadata, 1)[0].Text;
        };
    }
}
