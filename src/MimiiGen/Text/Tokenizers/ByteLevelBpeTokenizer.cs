using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MimiiGen.Text;

/// <summary>
/// The byte-level BPE tokenizer of GPT-2 and RoBERTa (Radford et al. 2019): words of a text as bytes of UTF-8, and neighbours merged in the order of
/// <c>merges.txt</c>. No normalisation.
/// </summary>
public sealed partial class ByteLevelBpeTokenizer
{
    private static readonly char[] Letters = ByteLetters();

    private readonly Dictionary<string, long> vocabulary;
    private readonly Dictionary<(string Left, string Right), int> ranks;

    private ByteLevelBpeTokenizer(Dictionary<string, long> vocabulary, Dictionary<(string Left, string Right), int> ranks) =>
        (this.vocabulary, this.ranks) = (vocabulary, ranks);

    /// <summary>Reads a published tokenizer.</summary>
    /// <param name="folder">Folder with <c>vocab.json</c> and <c>merges.txt</c>.</param>
    /// <exception cref="BadInputException">A file is missing or no such table.</exception>
    public static ByteLevelBpeTokenizer Read(string folder)
    {
        var (words, merges) = (Path.Combine(folder, "vocab.json"), Path.Combine(folder, "merges.txt"));
        foreach (var path in new[] { words, merges })
            if (!File.Exists(path)) throw new BadInputException($"{path}: no such file; a RoBERTa tokenizer is vocab.json and merges.txt");
        try
        {
            var vocabulary = JsonSerializer.Deserialize<Dictionary<string, long>>(File.ReadAllBytes(words))!;
            var pairs = File.ReadLines(merges).Where(l => l.Length > 0 && !l.StartsWith("#version", StringComparison.Ordinal)).Select(l => l.Split(' '));
            return new ByteLevelBpeTokenizer(vocabulary, pairs.Select((p, rank) => ((p[0], p[1]), rank)).ToDictionary(p => p.Item1, p => p.rank));
        }
        catch (Exception e) when (e is JsonException or IndexOutOfRangeException or ArgumentException)
        {
            throw new BadInputException($"{folder}: vocab.json and merges.txt are no byte-level BPE tokenizer ({e.Message.ReplaceLineEndings(" ")})", e);
        }
    }

    /// <summary>The ids of a text between those of <c>&lt;s&gt;</c> and <c>&lt;/s&gt;</c>; special tokens in it are read as such, as RoBERTa's tokenizer does.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="most">Most ids; a longer text is cut before its end.</param>
    public long[] Encode(string text, int most = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<long> { vocabulary["<s>"] };
        var start = 0;
        foreach (Match special in Specials().Matches(text))
        {
            ids.AddRange(Tokenize(text[start..special.Index]));
            ids.Add(vocabulary[special.Value]);
            start = special.Index + special.Length;
        }

        ids.AddRange(Tokenize(text[start..]));
        return [.. ids.Take(most - 1), vocabulary["</s>"]];
    }

    /// <summary>The ids of a text alone, whatever stands in it.</summary>
    public IEnumerable<long> Tokenize(string text) => ByteLevelWords.Of(text).SelectMany(Merge);

    private IEnumerable<long> Merge(string word)
    {
        List<string> parts = [.. Encoding.UTF8.GetBytes(word).Select(b => Letters[b].ToString())];
        while (parts.Count > 1)
        {
            var best = Enumerable.Range(0, parts.Count - 1).MinBy(i => ranks.GetValueOrDefault((parts[i], parts[i + 1]), int.MaxValue));
            var (left, right) = (parts[best], parts[best + 1]);
            if (!ranks.ContainsKey((left, right))) break;
            for (var i = 0; i < parts.Count - 1; i++)
            {
                if (parts[i] != left || parts[i + 1] != right) continue;
                parts[i] = left + right;
                parts.RemoveAt(i + 1);
            }
        }

        return parts.Select(p => vocabulary.GetValueOrDefault(p, vocabulary["<unk>"]));
    }

    /// <summary>A visible letter for each byte: itself where it is one, else one from 256 on.</summary>
    private static char[] ByteLetters()
    {
        var letters = new char[256];
        for (int b = 0, next = 256; b < 256; b++) letters[b] = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)b : (char)next++;
        return letters;
    }

    [GeneratedRegex(@"<s>|<pad>|</s>|<unk>|<mask>", RegexOptions.CultureInvariant)]
    private static partial Regex Specials();
}
