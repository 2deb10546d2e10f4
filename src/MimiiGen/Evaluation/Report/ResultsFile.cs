using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MimiiGen.Checkpoints;

namespace MimiiGen.Evaluation.Report;

/// <summary>Reads and writes <c>results.json</c>. Its keys stay: other programs hold on to them.</summary>
public static class ResultsFile
{
    /// <summary>
    /// camelCase, indented; an interval called <c>auc</c> is the number <c>auc</c> beside <c>aucInterval</c>, [low, high]; NaN and infinity as the texts "NaN" and "Infinity", since JSON has no
    /// numbers for them.
    /// </summary>
    public static JsonSerializerOptions Format { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { FlatIntervals.Apply } },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Writes aside and renames into place.</summary>
    public static void Write(string path, EvaluationResult result) =>
        AtomicFile.WriteText(path, JsonSerializer.Serialize(result, Format) + "\n");

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="BadInputException">No such file, or no results.</exception>
    public static EvaluationResult Read(string path)
    {
        if (!File.Exists(path)) throw new BadInputException($"{path}: no such results file");
        try
        {
            return JsonSerializer.Deserialize<EvaluationResult>(File.ReadAllBytes(path), Format) ?? throw new BadInputException($"{path}: holds null, no results");
        }
        catch (JsonException e)
        {
            throw new BadInputException($"{path}: no results of an evaluation: {e.Message}", e);
        }
    }
}
