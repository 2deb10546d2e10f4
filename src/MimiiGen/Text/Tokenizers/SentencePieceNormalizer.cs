using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace MimiiGen.Text;

/// <summary>
/// SentencePiece's normalisation: the longest prefix that a compiled map knows is replaced again and again (for T5 Unicode's NFKC and
/// rules for odd white space), runs of spaces become one, those at the ends none, and U+2581 takes the place of each and stands in front.
/// </summary>
internal sealed class SentencePieceNormalizer
{
    public const char Space = '\u2581';

    // a double-array trie (darts-clone) over UTF-8, then the replacements, each closed by a zero byte
    private readonly uint[] trie;
    private readonly byte[] replacements;

    /// <exception cref="ArgumentException">The map is damaged.</exception>
    public SentencePieceNormalizer(ReadOnlySpan<byte> map)
    {
        var length = map.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(map) : uint.MaxValue;
        if (length > map.Length - 4 || length % 4 != 0 || length == 0) throw new ArgumentException("the character map is damaged");
        trie = MemoryMarshal.Cast<byte, uint>(map.Slice(4, (int)length)).ToArray();
        replacements = map[(4 + (int)length)..].ToArray();
    }

    public string Normalize(string text)
    {
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text);
        var normal = new List<byte>(rest.Length);
        while (!rest.IsEmpty)
        {
            var (length, replacement) = LongestPrefix(rest);
            if (length == 0) Rune.DecodeFromUtf8(rest, out _, out length);
            normal.AddRange(replacement < 0 ? rest[..length] : Replacement(replacement));
            rest = rest[length..];
        }

        var words = Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(normal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(words.Select(word => Space + word)).TrimEnd(Space);
    }

    /// <summary>Bytes of the longest prefix in the trie and where its replacement begins; 0 and -1 where there is none.</summary>
    private (int Length, int Replacement) LongestPrefix(ReadOnlySpan<byte> text)
    {
        var (length, replacement) = (0, -1);
        var node = Offset(trie[0]);
        for (var i = 0; i < text.Length; i++)
        {
            node ^= text[i];
            if (node >= trie.Length) break;
            var unit = trie[node];
            if ((unit & (1u << 31 | 0xFF)) != text[i]) break;
            node ^= Offset(unit);
            if ((unit >> 8 & 1) == 0 || node >= trie.Length) continue;
            (length, replacement) = (i + 1, (int)(trie[node] & int.MaxValue));
        }

        return (length, replacement);
    }

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & 1 << 9) >> 6);

    private ReadOnlySpan<byte> Replacement(int start)
    {
        var rest = start < replacements.Length ? replacements.AsSpan(start) : [];
        var end = rest.IndexOf((byte)0);
        return end < 0 ? rest : rest[..end];
    }
}
