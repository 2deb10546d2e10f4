using System.Text.Json;

namespace MimiiGen.Datasets;

/// <summary>
/// Clips that this program made, in any folders: beside each NAME.wav lies its record NAME.json, whose <c>metadata</c> says what the clip is.
/// </summary>
internal sealed class RecordLayout : IDatasetLayout
{
    public string Key => "records";

    public string Name => "clips with records";

    public IReadOnlyList<LayoutFile>? Recognise(string root, IReadOnlyList<string> waves, ICollection<LeftOutFile> leftOut)
    {
        var files = new List<LayoutFile>();
        var strangers = new List<LeftOutFile>();
        foreach (var wave in waves)
        {
            var path = Path.ChangeExtension(Path.Combine(root, wave), ".json");
            if (!File.Exists(path)) strangers.Add(new LeftOutFile(wave, "has no record beside it"));
            else if (Metadata(path) is { } metadata) files.Add(new LayoutFile(wave, metadata));
            else strangers.Add(new LeftOutFile(wave, "has a record without metadata: it was made from a sentence"));
        }

        if (files.Count == 0) return null;
        foreach (var stranger in strangers) leftOut.Add(stranger);
        return files;
    }

    private static ClipMetadata? Metadata(string path)
    {
        try
        {
            using var record = JsonDocument.Parse(File.ReadAllText(path));
            var isRecord = record.RootElement.ValueKind == JsonValueKind.Object && record.RootElement.TryGetProperty("metadata", out _);
            return isRecord ? ClipMetadata.FromJson(record.RootElement.GetProperty("metadata").GetRawText()) : null;
        }
        catch (Exception e) when (e is JsonException or BadInputException)
        {
            return null;
        }
    }
}
