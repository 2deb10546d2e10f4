using System.Text;

namespace MimiiGen.Text;

/// <summary>
/// ByT5's tokenizer (arXiv 2105.13626): a token is a byte of UTF-8, its id the byte + 3. Ids 0, 1 and 2 are padding, end and unknown,
/// 259 + N is the sentinel <c>&lt;extra_id_N&gt;</c>, N below 125: a vocabulary of 384.
/// </summary>
public sealed class ByteTokenizer : ITokenizer
{
    /// <summary>Number of ids.</summary>
    public const int VocabSize = 384;

    private const int Offset = 3;
    private const int FirstSentinel = Offset + 256;

    private readonly SpecialTokens specials = new(VocabSize - FirstSentinel, n => FirstSentinel + n);

    /// <inheritdoc/>
    public long PadTokenId => SpecialTokens.Pad;

    /// <inheritdoc/>
    public long EosTokenId => SpecialTokens.Eos;

    /// <inheritdoc/>
    public long[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = specials.Split(text).ToArray();
        var ids = new List<long>(text.Length + 1);
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Id is { } special)
            {
                ids.Add(special);
                continue;
            }

            // padding, end and unknown swallow the white space around them; sentinels do not
            var ordinary = parts[i].Text;
            if (i > 0 && parts[i - 1].Id < Offset) ordinary = ordinary.TrimStart();
            if (i + 1 < parts.Length && parts[i + 1].Id < Offset) ordinary = ordinary.TrimEnd();
            ids.AddRange(Encoding.UTF8.GetBytes(ordinary).Select(b => (long)b + Offset));
        }

        if (ids.Count == 0 || ids[^1] != EosTokenId) ids.Add(EosTokenId);
        return [.. ids];
    }

    /// <inheritdoc/>
    public string Decode(IEnumerable<long> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return new UTF8Encoding(false, false).GetString([.. ids.Where(id => id is >= Offset and < FirstSentinel).Select(id => (byte)(id - Offset))]);
    }
}
