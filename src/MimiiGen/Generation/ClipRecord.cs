using System.Text.Json;
using System.Text.Json.Serialization;
using MimiiGen.Checkpoints;
using MimiiGen.Datasets;

namespace MimiiGen.Generation;

/// <summary>The sidecar of a generated clip: enough to make the same clip again, bit for bit on the same machine.</summary>
public sealed record ClipRecord
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The caption it was made from.</summary>
    public required string Caption { get; init; }

    /// <summary>The negative caption, if there was one.</summary>
    public string? Negative { get; init; }

    /// <summary>What the caption was written from, if it was.</summary>
    public ClipMetadata? Metadata { get; init; }

    /// <summary>The second condition that it went towards, if there was one.</summary>
    public ConditionBlend? Towards { get; init; }

    /// <summary>The recording it was made from, if it was.</summary>
    public EditRecord? Edit { get; init; }

    /// <summary>The caption of the training condition whose levels it has.</summary>
    public required string LevelsOf { get; init; }

    /// <summary>All chance follows from it.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Duration asked for, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Sampler, by diffusers' class name.</summary>
    public required string Sampler { get; init; }

    /// <summary>Steps of the sampler.</summary>
    public required int Steps { get; init; }

    /// <summary>Guidance scale.</summary>
    public required double Guidance { get; init; }

    /// <summary>Level of the clip in dB full scale (rms).</summary>
    public required double LevelDb { get; init; }

    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of each file of the model's weights.</summary>
    public required IReadOnlyDictionary<string, string> WeightsSha256 { get; init; }

    /// <summary>Version of this program.</summary>
    public required string Version { get; init; }

    /// <summary>Device and thread count, on which the last bits depend.</summary>
    public required string Computed { get; init; }

    /// <summary>Reads a sidecar; null where there is none, or none that can be read.</summary>
    public static ClipRecord? TryRead(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<ClipRecord>(File.ReadAllText(path), Json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The text of the sidecar.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Writes the sidecar.</summary>
    public void Write(string path) => AtomicFile.WriteText(path, ToJson() + "\n");
}
