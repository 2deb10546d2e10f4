using System.Globalization;
using System.Text.RegularExpressions;
using MimiiGen.Datasets;

namespace MimiiGen.Captions;

/// <summary>
/// Holds a sentence against the metadata that it should tell: every machine, value, unit, fault and location has to be in it, each value at the
/// name that it belongs to; a number that the metadata doesn't have, or a fault of a healthy machine, must not. Strict rather than clever: a
/// sentence that is refused can be written anew.
/// </summary>
public static partial class CaptionCheck
{
    // how far a value may stand behind its name ("a velocity of about 24 krpm"), or before it ("the source domain")
    private const int Behind = 4;
    private const int Before = 2;

    private static readonly string[] AnomalyWords =
        ["anomaly", "anomalies", "anomalous", "abnormal", "abnormality", "fault", "faulty", "defect", "defective", "malfunction", "malfunctioning"];

    private static readonly string[] Negations = ["no", "without", "not", "free"];

    /// <summary>What is lost or made up, one phrase each, as in <c>velocity 24 krpm</c>; empty for a sentence that tells the truth and all of it.</summary>
    public static IReadOnlyList<string> Problems(ClipMetadata metadata, string sentence)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        var facts = CaptionFact.Of(metadata);
        var words = Words(sentence);
        var taken = new bool[words.Length];
        var names = facts.Where(f => f.Name is not (CaptionFact.Machine or CaptionFact.State or CaptionFact.Fault)).SelectMany(f => Places(words, Words(f.Name)).Select(at => (f.Name, At: at, Length: Words(f.Name).Length))).ToArray();
        var problems = facts.Where(fact => !IsTold(fact, words, taken, names)).Select(Describe).ToList();
        problems.AddRange(words.Where((word, i) => !taken[i] && char.IsAsciiDigit(word[^1])).Select(number => $"made up: {number}"));
        return problems;
    }

    private static string Describe(CaptionFact fact) => $"{fact.Name} {fact.Value} {fact.Unit}".Trim().Replace("  ", " ", StringComparison.Ordinal);

    private static bool IsTold(CaptionFact fact, string[] words, bool[] taken, (string Name, int At, int Length)[] names)
    {
        if (fact.Name == CaptionFact.State) return IsAnomalous(words) == (fact.Value == "anomaly");
        if (fact.Value.Length == 0) return names.Any(n => n.Name == fact.Name);
        var value = Words(fact.Value);
        var unit = Words(fact.Unit);
        foreach (var at in Places(words, [.. value, .. unit]))
        {
            var isFree = Enumerable.Range(at, value.Length).All(i => !taken[i]);
            var needsName = unit.Length == 0 && fact.Name is not (CaptionFact.Machine or CaptionFact.Fault or "type");
            if (!isFree || (needsName && Owner(at, at + value.Length - 1, names) != fact.Name)) continue;
            Array.Fill(taken, true, at, value.Length);
            return true;
        }

        return false;
    }

    /// <summary>The name next to a value, the longer of two that end at the same word.</summary>
    private static string? Owner(int first, int last, (string Name, int At, int Length)[] names) => names
        .Select(n => (n.Name, n.Length, Distance: n.At > last ? n.At - last : first - (n.At + n.Length - 1), IsBefore: n.At > last))
        .Where(n => n.Distance >= 1 && n.Distance <= (n.IsBefore ? Before : Behind))
        .OrderBy(n => n.Distance).ThenBy(n => n.IsBefore).ThenByDescending(n => n.Length)
        .Select(n => n.Name).FirstOrDefault();

    private static bool IsAnomalous(string[] words) =>
        words.Where((word, i) => AnomalyWords.Contains(word, StringComparer.OrdinalIgnoreCase) && !words[Math.Max(0, i - 2)..i].Any(w => Negations.Contains(w, StringComparer.OrdinalIgnoreCase))).Any();

    private static IEnumerable<int> Places(string[] words, string[] sought) =>
        Enumerable.Range(0, Math.Max(0, words.Length - sought.Length + 1)).Where(at => sought.Select((word, i) => AreEqual(words[at + i], word)).All(equal => equal));

    /// <summary>Equal as text, or as numbers (1000.0 and 1000) unless one is an id with zeros before it (00).</summary>
    private static bool AreEqual(string told, string known) =>
        told.Equals(known, StringComparison.OrdinalIgnoreCase)
        || (known.Equals("close", StringComparison.OrdinalIgnoreCase) && told.Equals("closed", StringComparison.OrdinalIgnoreCase))
        || (IsQuantity(told, out var a) && IsQuantity(known, out var b) && a == b);

    private static bool IsQuantity(string word, out decimal value) =>
        decimal.TryParse(word, NumberStyles.Number, CultureInfo.InvariantCulture, out value) && !(word.Length > 1 && word[0] == '0' && word[1] != '.');

    private static string[] Words(string text) => [.. Word().Matches(text).Select(match => match.Value)];

    [GeneratedRegex(@"(?<![\p{L}\d])-\d+(?:\.\d+)?|\d+(?:\.\d+)?|\p{L}+(?:/\p{L}+)*|[%°]")]
    private static partial Regex Word();
}
