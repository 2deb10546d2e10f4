using System.Text;
using MimiiGen.Datasets;

namespace MimiiGen.Captions;

/// <summary>
/// Writes a clip's metadata as one English sentence, in the wording of the published pairs (arXiv 2409.18542). Every fact is in it; what isn't
/// known is left out. Equal conditions give equal sentences.
/// </summary>
public static class CaptionTemplate
{
    /// <summary>
    /// The sentence: <c>A fan model 00 operating in factory noise at a signal-to-noise ratio of 0 dB recorded by microphone 3 with anomaly</c>.
    /// A condition without a value is only named; one whose value is noAttribute is left out.
    /// </summary>
    /// <exception cref="BadInputException">The machine is blank.</exception>
    public static string Write(ClipMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        if (string.IsNullOrWhiteSpace(metadata.Machine)) throw new BadInputException("metadata without a machine can't be captioned: name one, such as fan");
        var conditions = new OpenConditions(metadata.Attributes);
        var sentence = new StringBuilder();
        Machine(sentence, metadata, conditions);
        var location = conditions.Take("location");
        var noise = Noise(metadata, conditions);
        var recorder = Recorder(metadata, conditions);
        Operation(sentence, metadata.Machine, conditions, noise);
        sentence.Append(recorder);
        if (metadata.Anomaly) Fault(sentence, metadata);
        if (location is not null) sentence.Append($" at {Named("location", location)}");
        return sentence.ToString();
    }

    /// <summary>A ball-type slider model B of moving pattern 1 of section 00 in the source domain in open surroundings.</summary>
    private static void Machine(StringBuilder sentence, ClipMetadata metadata, OpenConditions conditions)
    {
        var noun = Nouns.Machine(metadata.Machine);
        if (conditions.Take("type") is { Length: > 0 } type)
            noun = $"{type.Replace(' ', '-')}{(type.EndsWith("type", StringComparison.OrdinalIgnoreCase) ? "" : "-type")} {noun}";
        sentence.Append(Nouns.Article(noun)).Append(' ').Append(noun);
        var model = metadata.Id is { } id ? $"{id} {conditions.Take("model")}".TrimEnd() : conditions.Take("model");
        if (model is not null) sentence.Append($" {Named("model", model)}");
        if (conditions.Take("id") is { } number) sentence.Append($" {Named("id", number)}");
        if (conditions.Take("moving pattern") is { } pattern) sentence.Append($" of {Named("moving pattern", pattern)}");
        if (metadata.Section is { } section) sentence.Append($" of section {section}");
        if (metadata.Domain is { } domain) sentence.Append($" in the {domain} domain");
        if (conditions.Take("surroundings") is { } surroundings) sentence.Append(" in ").Append(Surroundings(surroundings));
    }

    /// <summary>In factory noise A at noise level L1 at a signal-to-noise ratio of 0 dB.</summary>
    private static string Noise(ClipMetadata metadata, OpenConditions conditions)
    {
        var phrase = new StringBuilder();
        foreach (var kind in (string[])["noise", "mixed noise", "factory noise"])
            if (conditions.Take(kind) is { } which)
                phrase.Append($" in {Named(kind, which)}");
        if (phrase.Length == 0 && metadata.SnrDb is not null) phrase.Append(" in factory noise");
        if (conditions.Take("noise level") is { } level) phrase.Append($" at {Named("noise level", level)}");
        if (metadata.SnrDb is { } ratio) phrase.Append($" at a signal-to-noise ratio of {ratio} dB");
        return phrase.ToString();
    }

    private static string Recorder(ClipMetadata metadata, OpenConditions conditions) => (conditions.Take("microphone"), metadata.Microphone) switch
    {
        (null, null) => "",
        (null, { } channel) => $" recorded by microphone {channel}",
        ({ } microphone, null) => $" recorded by {Named("microphone", microphone)}",
        ({ } microphone, { } channel) => $" recorded by {Named("microphone", microphone)} on channel {channel}",
    };

    /// <summary>Operating on velocity of 24 krpm and weight of 0 (g), in the given noise: all conditions that have no place of their own.</summary>
    private static void Operation(StringBuilder sentence, string machine, OpenConditions conditions, string noise)
    {
        var phrases = conditions.Rest.Select(c => c.Value.Length == 0 ? c.Name : $"{Quantity(c.Name)} of {Units.Spell(machine, c.Name, c.Value)}").ToArray();
        if (phrases.Length == 0 && noise.Length == 0) return;
        sentence.Append(" operating");
        if (phrases.Length > 0) sentence.Append(" on ");
        if (phrases.Length > 1) sentence.AppendJoin(", ", phrases[..^1]).Append(" and ");
        if (phrases.Length > 0) sentence.Append(phrases[^1]);
        sentence.Append(noise);
    }

    private static void Fault(StringBuilder sentence, ClipMetadata metadata)
    {
        var fault = metadata.AnomalyType is { } type ? OpenConditions.Plain(type.Replace('_', ' ')) : "";
        // what is wrong may be the supply and not the machine
        if (fault.EndsWith("voltage", StringComparison.OrdinalIgnoreCase))
        {
            sentence.Append($" is running on {fault} with anomaly");
            return;
        }

        sentence.Append(metadata.Machine.Equals("slider", StringComparison.OrdinalIgnoreCase) ? " is with an anomaly" : " with anomaly");
        if (fault.Length > 0) sentence.Append($" due to {fault}");
    }

    private static string Surroundings(string value) => value switch
    {
        "" => "surroundings",
        "close" => "closed surroundings",
        _ when value.All(char.IsLetter) => $"{value} surroundings",
        _ => $"surroundings {value}",
    };

    private static string Quantity(string name) => name == "acceleration" ? "an acceleration" : name;

    private static string Named(string name, string value) => value.Length == 0 ? name : $"{name} {value}";
}
