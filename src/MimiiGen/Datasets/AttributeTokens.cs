using System.Globalization;
using System.Text.RegularExpressions;

namespace MimiiGen.Datasets;

/// <summary>
/// The part of a DCASE file name behind the clip's number: parameters and values with <c>_</c> between them. Values may use a comma or a dot, stand
/// before their unit (0_g_25_mm), or be missing; <c>damage2</c> names a fault.
/// </summary>
internal static partial class AttributeTokens
{
    /// <summary>Parameter under which a fault, a ratio or a channel is written that the published sets have no token for.</summary>
    public const string Fault = "fault", SignalToNoise = "snr", Channel = "channel", Machine = "machine";

    // MIMII DUE writes a gearbox's values with units in place of names; MIMII DG has the same voltages in volts
    private static readonly Dictionary<string, (string Name, decimal Unit)> NamesOfUnits = new(StringComparer.Ordinal)
    {
        ["g"] = ("weight", 1),
        ["mm"] = ("arm length", 1),
        ["mV"] = ("voltage", 1000),
    };

    /// <summary>The parameters and values of a name's tail, in order; a parameter without a value has an empty one.</summary>
    public static IReadOnlyList<OperatingCondition> Parse(string tail)
    {
        var tokens = tail.Split('_', StringSplitOptions.RemoveEmptyEntries);
        var conditions = new List<OperatingCondition>();
        for (var i = 0; i < tokens.Length; i++)
        {
            var next = i + 1 < tokens.Length ? tokens[i + 1] : null;
            if (AttributeNames.IsMissing(tokens[i]) || tokens[i] == "none") continue;
            if (Damage().IsMatch(tokens[i]))
            {
                conditions.Add(new OperatingCondition(Fault, FaultOf(tokens[i])));
            }
            else if (ModelAndSpeed().Match(tokens[i]) is { Success: true } toy)
            {
                conditions.Add(new OperatingCondition("car", toy.Groups["model"].Value));
                conditions.Add(new OperatingCondition("spd", toy.Groups["speed"].Value));
            }
            else if (next is not null && NamesOfUnits.TryGetValue(next, out var known) && decimal.TryParse(tokens[i], NumberStyles.Number, CultureInfo.InvariantCulture, out var value))
            {
                conditions.Add(new OperatingCondition(known.Name, (value / known.Unit).ToString(CultureInfo.InvariantCulture)));
                i++;
            }
            else if (next is null || Damage().IsMatch(next))
            {
                conditions.Add(new OperatingCondition(tokens[i], ""));
            }
            else
            {
                if (!AttributeNames.IsMissing(next)) conditions.Add(new OperatingCondition(tokens[i], next));
                i++;
            }
        }

        return conditions;
    }

    /// <summary>The metadata with these conditions, those that have a place of their own at that place.</summary>
    public static ClipMetadata Apply(ClipMetadata metadata, IEnumerable<OperatingCondition> conditions)
    {
        var attributes = new List<OperatingCondition>();
        foreach (var condition in conditions.DistinctBy(c => AttributeNames.Canonical(c.Name)))
            switch (condition.Name)
            {
                case Fault: metadata = metadata with { AnomalyType = condition.Value }; break;
                case SignalToNoise: metadata = metadata with { SnrDb = condition.Value }; break;
                case Channel when int.TryParse(condition.Value, out var channel): metadata = metadata with { Microphone = channel }; break;
                case Machine: metadata = metadata with { Id = condition.Value }; break;
                default: attributes.Add(condition); break;
            }

        return metadata with { Attributes = [.. attributes] };
    }

    /// <summary>What <see cref="Apply"/> takes apart, together again.</summary>
    public static IEnumerable<OperatingCondition> Of(ClipMetadata metadata, bool withId)
    {
        foreach (var attribute in metadata.Attributes) yield return attribute;
        if (withId && metadata.Id is { } id) yield return new OperatingCondition(Machine, id);
        if (metadata.SnrDb is { } ratio) yield return new OperatingCondition(SignalToNoise, ratio);
        if (metadata.Microphone is { } microphone) yield return new OperatingCondition(Channel, $"{microphone}");
        if (metadata is { Anomaly: true, AnomalyType: { } fault }) yield return new OperatingCondition(Fault, fault);
    }

    /// <summary>The tail of a name; letters that a name can't hold become hyphens, the table of attributes has them all.</summary>
    public static string Write(IEnumerable<OperatingCondition> conditions)
    {
        var tokens = conditions.Select(c => c.Name == Fault && DamageType().Match(c.Value) is { Success: true } damage
            ? $"damage{damage.Groups[1].Value}"
            : Token(c.Name) + (c.Value.Length > 0 ? "_" + Token(c.Value) : ""));
        return string.Join('_', tokens) is { Length: > 0 } tail ? tail : "noAttribute";
    }

    private static string FaultOf(string token) => $"damage type {token["damage".Length..]}";

    private static string Token(string text) => NoToken().Replace(text.Replace(',', '.'), "-");

    [GeneratedRegex(@"^damage\d+$")]
    private static partial Regex Damage();

    [GeneratedRegex(@"^damage type (\d+)$")]
    private static partial Regex DamageType();

    [GeneratedRegex(@"^(?<model>[A-E]\d)s(?<speed>\d)$")]
    private static partial Regex ModelAndSpeed();

    [GeneratedRegex(@"[^\p{L}\p{N}.+\-]")]
    private static partial Regex NoToken();
}
