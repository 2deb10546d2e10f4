using System.Text.Json;
using System.Text.Json.Serialization;
using MimiiGen.Checkpoints;
using MimiiGen.Evaluation.Report;

namespace MimiiGen.Experiments.Reporting;

/// <summary>Reads and writes what a study found: <c>results.json</c> and the record of each arm and seed. Files are written aside and renamed.</summary>
public static class StudyFile
{
    /// <summary>As other results files, kinds by their names.</summary>
    public static JsonSerializerOptions Format { get; } = new(ResultsFile.Format) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <summary>Writes results.</summary>
    public static void Write(string path, StudyResult result) => AtomicFile.WriteText(path, JsonSerializer.Serialize(result, Format) + "\n");

    /// <summary>Reads results.</summary>
    /// <exception cref="BadInputException">It holds none.</exception>
    public static StudyResult Read(string path) => Parse<StudyResult>(path);

    internal static void Write(string path, ArmRecord record) => AtomicFile.WriteText(path, JsonSerializer.Serialize(record, Format) + "\n");

    internal static ArmRecord ReadRecord(string path) => Parse<ArmRecord>(path);

    private static T Parse<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path), Format) ?? throw new BadInputException($"{path}: holds null, no results");
        }
        catch (JsonException e)
        {
            throw new BadInputException($"{path}: no results of a study ({e.Message.ReplaceLineEndings(" ")}); delete it to have it made anew", e);
        }
    }
}
