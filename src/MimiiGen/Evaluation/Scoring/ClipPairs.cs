using MimiiGen.Datasets;

namespace MimiiGen.Evaluation.Scoring;

/// <summary>Which generated clip was made for which real one.</summary>
/// <param name="Pairs">Numbers of a real and of a generated clip.</param>
/// <param name="Unpaired">What was left out, in words; null where nothing was.</param>
public sealed record ClipPairs(IReadOnlyList<(int Real, int Generated)> Pairs, string? Unpaired)
{
    /// <summary>The word for pairs of files that have the same path below their folders.</summary>
    public const string ByName = "names";

    private const int Shown = 3;

    /// <summary>Pairs by a table or by name.</summary>
    /// <param name="pairs">A CSV file with columns real and generated (paths below the folders), or <see cref="ByName"/>.</param>
    /// <param name="real">Names of the real clips.</param>
    /// <param name="generated">Names of the generated clips.</param>
    /// <exception cref="BadInputException">No such table, a name in it that is none, or no pair at all.</exception>
    public static ClipPairs Of(string pairs, IReadOnlyList<string> real, IReadOnlyList<string> generated)
    {
        var found = pairs == ByName ? SameNames(real, generated) : FromTable(pairs, real, generated);
        if (found.Count == 0)
            throw new BadInputException($"{pairs}: no real and generated clip make a pair; the real ones begin {First(real)}, the generated {First(generated)}");
        var left = real.Where((_, i) => found.All(p => p.Real != i)).Select(n => $"real {n}")
            .Concat(generated.Where((_, i) => found.All(p => p.Generated != i)).Select(n => $"generated {n}")).ToArray();
        return new ClipPairs(found, left.Length == 0 ? null : $"{left.Length} clips have no partner and are left out of what compares pairs: {First(left)}");
    }

    private static List<(int Real, int Generated)> SameNames(IReadOnlyList<string> real, IReadOnlyList<string> generated)
    {
        var at = generated.Select((name, i) => (name, i)).ToDictionary(p => p.name, p => p.i, StringComparer.Ordinal);
        return [.. real.Select((name, i) => (i, Partner: at.GetValueOrDefault(name, -1))).Where(p => p.Partner >= 0)];
    }

    private static List<(int Real, int Generated)> FromTable(string path, IReadOnlyList<string> real, IReadOnlyList<string> generated)
    {
        if (!File.Exists(path)) throw new BadInputException($"{path}: no such table of pairs; give a CSV file with columns real and generated, or the word {ByName}");
        var table = CsvTable.Read(path);
        var (first, second) = (table.Need("real"), table.Need("generated"));
        var (ofReal, ofGenerated) = (Places(real), Places(generated));
        return [.. table.Rows.Select(row => (At(row, first, ofReal, "real"), At(row, second, ofGenerated, "generated")))];

        int At(CsvTable.Row row, int column, Dictionary<string, int> places, string side) =>
            places.TryGetValue(row.Fields[column].Replace('\\', '/'), out var place) ? place : throw table.Refuse(row, column, $"the path of a WAV file below the {side} folder");
    }

    private static Dictionary<string, int> Places(IReadOnlyList<string> names) =>
        names.Select((name, i) => (Name: name.Replace('\\', '/'), i)).ToDictionary(p => p.Name, p => p.i, StringComparer.Ordinal);

    private static string First(IReadOnlyList<string> names) => string.Join(", ", names.Take(Shown)) + (names.Count > Shown ? ", ..." : "");
}
