using System.Text;

namespace MimiiGen.Text;

/// <summary>
/// The tokenizer of T5 and Flan-T5: a SentencePiece unigram model (arXiv 1804.10959), which splits a text into the pieces whose
/// log probabilities have the largest sum. Behind its 32,000 pieces come 100 sentinels: <c>&lt;extra_id_N&gt;</c> is 32099 - N.
/// </summary>
public sealed class SentencePieceTokenizer : ITokenizer
{
    private const int Sentinels = 100;

    // an unknown character costs this much more than the least likely piece (sentencepiece, unigram_model.cc)
    private const float UnknownPenalty = 10;

    private readonly IReadOnlyList<SentencePiece> pieces;
    private readonly SentencePieceNormalizer normalizer;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> ids;
    private readonly int longest;
    private readonly float unknownScore;
    private readonly SpecialTokens specials;

    private SentencePieceTokenizer(SentencePieceModel model)
    {
        pieces = model.Pieces;
        normalizer = new SentencePieceNormalizer(model.CharacterMap);
        var normal = pieces.Select((piece, id) => (piece, id)).Where(entry => entry.piece.Kind == PieceKind.Normal).ToArray();
        ids = normal.ToDictionary(entry => entry.piece.Text, entry => entry.id, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        longest = normal.Max(entry => entry.piece.Text.Length);
        unknownScore = normal.Min(entry => entry.piece.Score) - UnknownPenalty;
        specials = new SpecialTokens(Sentinels, n => pieces.Count + Sentinels - 1 - n);
    }

    /// <inheritdoc/>
    public long PadTokenId => SpecialTokens.Pad;

    /// <inheritdoc/>
    public long EosTokenId => SpecialTokens.Eos;

    /// <summary>Reads the <c>spiece.model</c> of a T5 checkpoint.</summary>
    /// <exception cref="BadInputException">The file is missing, damaged, or the model of another kind of tokenizer.</exception>
    public static SentencePieceTokenizer Read(string path)
    {
        var model = SentencePieceModel.Read(path);
        try
        {
            return new SentencePieceTokenizer(model);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new BadInputException($"{path}: a damaged SentencePiece model ({e.Message}); fetch it again", e);
        }
    }

    /// <inheritdoc/>
    public long[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. specials.Split(text).SelectMany(part => part.Id is { } special ? [special] : EncodeOrdinary(part.Text)), EosTokenId];
    }

    /// <inheritdoc/>
    public string Decode(IEnumerable<long> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var text = new StringBuilder();
        foreach (var id in ids)
            if (id >= 0 && id < pieces.Count && pieces[(int)id].Kind == PieceKind.Normal)
                text.Append(pieces[(int)id].Text);
        text.Replace(SentencePieceNormalizer.Space, ' ');
        return text is [' ', ..] ? text.ToString(1, text.Length - 1) : text.ToString();
    }

    /// <summary>The text as the model's pieces see it.</summary>
    internal string Normalize(string text) => normalizer.Normalize(text);

    private List<long> EncodeOrdinary(string text)
    {
        var normal = normalizer.Normalize(text);
        var found = new List<long>();
        foreach (var (_, id) in BestPath(normal))
            if (id != SpecialTokens.Unknown || found is not [.., SpecialTokens.Unknown]) // neighbouring unknown characters are one
                found.Add(id);
        return found;
    }

    /// <summary>The likeliest split (Viterbi), in order: each piece's end in the text and its id.</summary>
    private List<(int End, int Id)> BestPath(string text)
    {
        var best = new (float Score, int Start, int Id)[text.Length + 1];
        for (var end = 1; end <= text.Length; end++) best[end].Start = -1;
        void Offer(int start, int end, float score, int id)
        {
            var sum = best[start].Score + score;
            if (best[end].Start < 0 || sum > best[end].Score) best[end] = (sum, start, id);
        }

        for (var start = 0; start < text.Length;)
        {
            var character = char.IsHighSurrogate(text[start]) && start + 1 < text.Length ? 2 : 1;
            var isKnown = false;
            for (var length = 1; length <= Math.Min(longest, text.Length - start); length++)
            {
                if (!ids.TryGetValue(text.AsSpan(start, length), out var id)) continue;
                Offer(start, start + length, pieces[id].Score, id);
                isKnown |= length == character;
            }

            if (!isKnown) Offer(start, start + character, unknownScore, (int)SpecialTokens.Unknown);
            start += character;
        }

        var path = new List<(int, int)>();
        for (var end = text.Length; end > 0; end = best[end].Start) path.Add((end, best[end].Id));
        path.Reverse();
        return path;
    }
}
