using MimiiGen.Datasets;

namespace MimiiGen.Captions;

/// <summary>One thing that is known of a clip, in the words of its caption.</summary>
/// <param name="Name">What it is: machine, state, fault, location, velocity.</param>
/// <param name="Value">Its value without unit; empty for a condition that is only named.</param>
/// <param name="Unit">The unit as the published captions spell it; empty for none.</param>
public sealed record CaptionFact(string Name, string Value, string Unit = "")
{
    internal const string Machine = "machine";
    internal const string State = "state";
    internal const string Fault = "fault";

    /// <summary>All that is known of a clip.</summary>
    public static IReadOnlyList<CaptionFact> Of(ClipMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        var facts = new List<CaptionFact> { new(Machine, Nouns.Machine(metadata.Machine)) };
        var conditions = new OpenConditions(metadata.Attributes);
        Add("model", metadata.Id);
        Add("section", metadata.Section);
        Add("domain", metadata.Domain);
        foreach (var (name, value) in conditions.Rest) Add(name, value, Units.Of(metadata.Machine, name, value));
        Add("signal-to-noise ratio", metadata.SnrDb, "dB");
        Add(conditions.Rest.Any(c => c.Name == "microphone") ? "channel" : "microphone", metadata.Microphone?.ToString());
        Add(State, metadata.Anomaly ? "anomaly" : "normal");
        if (metadata is { Anomaly: true, AnomalyType: not null }) Add(Fault, OpenConditions.Plain(metadata.AnomalyType.Replace('_', ' ')));
        return facts;

        void Add(string name, string? value, string unit = "")
        {
            if (value is not null) facts.Add(new CaptionFact(name, value, unit));
        }
    }
}
