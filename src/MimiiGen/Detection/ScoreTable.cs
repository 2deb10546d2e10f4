using System.Globalization;

namespace MimiiGen.Detection;

/// <summary>
/// Scores that a program of the user's made: a CSV file of two columns, NAME,SCORE, with or without a header, as the challenge's systems write it. A
/// name may carry folders; clips are found by the whole name or, where that is one clip's alone, by the name without folders.
/// </summary>
public sealed class ScoreTable : IDetector
{
    private readonly string path;
    private readonly Dictionary<string, double> whole = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double?> last = new(StringComparer.Ordinal);

    private ScoreTable(string path) => this.path = path;

    /// <inheritdoc/>
    public string Name => $"scores of {Path.GetFileName(path)}";

    /// <summary>Names in the table.</summary>
    public IReadOnlyCollection<string> Names => whole.Keys;

    /// <summary>Reads a table.</summary>
    /// <exception cref="BadInputException">No such file, a line that is not NAME,SCORE, a score that is no finite number, a name twice, or no scores at all.</exception>
    public static ScoreTable Read(string path)
    {
        if (!File.Exists(path)) throw new BadInputException($"{path}: no such table of scores");
        var table = new ScoreTable(path);
        var line = 0;
        foreach (var text in File.ReadLines(path))
        {
            line++;
            if (text.Trim('\uFEFF', ' ').Length == 0) continue;
            var comma = text.LastIndexOf(',');
            var name = text[..Math.Max(comma, 0)].Trim('\uFEFF', ' ', '"').Replace('\\', '/');
            var isScore = double.TryParse(text.AsSpan(comma + 1).Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var score);
            if (!isScore && line == 1 && comma > 0) continue; // a header
            if (comma <= 0 || name.Length == 0 || !isScore) throw new BadInputException($"{path}, line {line}: '{ForeignText.OneLine(text, 60)}' is not NAME,SCORE");
            if (!double.IsFinite(score)) throw new BadInputException($"{path}, line {line}: the score of {ForeignText.OneLine(name, 60)} is {score}");
            if (!table.whole.TryAdd(name, score)) throw new BadInputException($"{path}, line {line}: {ForeignText.OneLine(name, 60)} has a score already");
            var tail = LastPart(name);
            table.last[tail] = table.last.ContainsKey(tail) ? null : score;
        }

        return table.whole.Count > 0 ? table : throw new BadInputException($"{path} holds no scores: write lines NAME,SCORE");
    }

    /// <summary>There is nothing to learn.</summary>
    public void Fit(IReadOnlyList<DetectorClip> normalClips, IProgress<WorkProgress>? progress = null, CancellationToken cancel = default)
    {
    }

    /// <inheritdoc/>
    public IReadOnlyList<double> Score(IReadOnlyList<DetectorClip> clips, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(clips);
        var scores = clips.Select(c => Find(c.Name)).ToArray();
        var missing = clips.Where((_, i) => scores[i] is null).Select(c => c.Name).ToArray();
        return missing.Length == 0
            ? [.. scores.Select(s => s!.Value)]
            : throw new BadInputException($"{path} has no score for {missing.Length} of {clips.Count} clips, the first: {missing[0]}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private double? Find(string name) => whole.TryGetValue(name, out var score) ? score : last.GetValueOrDefault(LastPart(name));

    private static string LastPart(string name) => name[(name.LastIndexOf('/') + 1)..];
}
