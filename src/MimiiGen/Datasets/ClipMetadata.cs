using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MimiiGen.Datasets;

/// <summary>
/// What is known of a clip besides its sound: the machine, its state, and the conditions it was recorded under.
/// A caption is written from it; clips of equal metadata belong to one class.
/// </summary>
public sealed record ClipMetadata
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Machine type as the dataset names it: fan, pump, slider, valve, bearing, gearbox, ToyCar.</summary>
    [JsonPropertyName("machine")]
    public required string Machine { get; init; }

    /// <summary>Which machine of that type: 00 in MIMII's id_00; null where the dataset names none.</summary>
    [JsonPropertyName("id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id { get; init; }

    /// <summary>True for a faulty machine.</summary>
    [JsonPropertyName("anomaly")]
    public bool Anomaly { get; init; }

    /// <summary>The fault, such as axis damage; null where it isn't known. Means nothing for a normal clip.</summary>
    [JsonPropertyName("anomalyType"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AnomalyType { get; init; }

    /// <summary>Number of the microphone, from 0 (in MIMII eight on a circle, 0 to 7); null where it isn't known.</summary>
    [JsonPropertyName("microphone"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Microphone { get; init; }

    /// <summary>Signal-to-noise ratio in dB as the dataset spells it, such as -6, 0, 6; null where it isn't known.</summary>
    [JsonPropertyName("snrDb"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SnrDb { get; init; }

    /// <summary>Domain of the DCASE sets from 2021: source or target; null elsewhere.</summary>
    [JsonPropertyName("domain"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Domain { get; init; }

    /// <summary>Section of the DCASE sets from 2021, such as 00; null elsewhere.</summary>
    [JsonPropertyName("section"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Section { get; init; }

    /// <summary>Further operating conditions: velocity, voltage, a user's own columns.</summary>
    [JsonPropertyName("attributes")]
    public AttributeList Attributes { get; init; } = AttributeList.Empty;

    /// <summary>
    /// A text that is equal for clips of the same class and differs for all others, whatever the order and spelling of the attributes:
    /// <c>machine=fan;id=00;snr=0;microphone=3;state=normal</c>.
    /// </summary>
    [JsonIgnore]
    public string ConditionKey
    {
        get
        {
            var key = new StringBuilder();
            Append(key, "machine", Machine);
            Append(key, "id", Id);
            Append(key, "section", Section);
            Append(key, "domain", Domain);
            Append(key, "snr", SnrDb);
            Append(key, "microphone", Microphone?.ToString());
            Append(key, "state", Anomaly ? "anomaly" : "normal");
            if (Anomaly) Append(key, "fault", AnomalyType);
            // the colon keeps a user's column named "id" apart from the id above
            foreach (var (name, value) in Attributes.Select(a => (Name: AttributeNames.Canonical(a.Name), a.Value)).OrderBy(a => a.Name, StringComparer.Ordinal))
                Append(key, ":" + Escaped(name), value);
            return key.ToString();
        }
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote, or what a user wrote by hand.</summary>
    /// <exception cref="BadInputException">It is no JSON, or no object with a machine.</exception>
    public static ClipMetadata FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<ClipMetadata>(json, Json) ?? throw new BadInputException("metadata is null: give an object with at least \"machine\"");
        }
        catch (JsonException e)
        {
            throw new BadInputException($"metadata is no JSON object with at least \"machine\": {e.Message}", e);
        }
    }

    /// <summary>One line of JSON; conditions that aren't known are left out.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    private static void Append(StringBuilder key, string name, string? value)
    {
        if (value is null) return;
        if (key.Length > 0) key.Append(';');
        key.Append(name).Append('=').Append(Escaped(value));
    }

    private static string Escaped(string text) =>
        text.Replace("%", "%25", StringComparison.Ordinal).Replace(";", "%3B", StringComparison.Ordinal).Replace("=", "%3D", StringComparison.Ordinal);
}
