using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>Captions as token ids, padded to the longest.</summary>
/// <param name="InputIds">(batch, tokens) int64, the padding id behind each caption's end.</param>
/// <param name="AttentionMask">(batch, tokens) int64, 1 at a caption's tokens and 0 at padding.</param>
public sealed record CaptionBatch(Tensor InputIds, Tensor AttentionMask) : IDisposable
{
    /// <summary>
    /// Tokenizes captions. One that is longer than <paramref name="maxTokens"/> loses its end, but keeps the closing token;
    /// <paramref name="warn"/> is told which.
    /// </summary>
    public static CaptionBatch Create(ITokenizer tokenizer, IReadOnlyList<string> captions, int maxTokens, Action<string>? warn = null, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(captions);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 1);
        var rows = captions.Select(caption => Cut(tokenizer, caption, maxTokens, warn)).ToArray();
        var tokens = rows.Length == 0 ? 0 : rows.Max(row => row.Length);
        var ids = new long[rows.Length * tokens];
        var mask = new long[rows.Length * tokens];
        Array.Fill(ids, tokenizer.PadTokenId);
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i].CopyTo(ids, i * tokens);
            Array.Fill(mask, 1, i * tokens, rows[i].Length);
        }

        return new CaptionBatch(tensor(ids, [rows.Length, tokens], device: device), tensor(mask, [rows.Length, tokens], device: device));
    }

    /// <summary>Frees both tensors.</summary>
    public void Dispose()
    {
        InputIds.Dispose();
        AttentionMask.Dispose();
    }

    /// <summary>The ids of a caption; one that is longer loses its end, but keeps the closing token, and <paramref name="warn"/> is told.</summary>
    internal static long[] Cut(ITokenizer tokenizer, string caption, int maxTokens, Action<string>? warn)
    {
        var ids = tokenizer.Encode(caption);
        if (ids.Length <= maxTokens) return ids;
        warn?.Invoke($"caption of {ids.Length} tokens cut to {maxTokens}: \"{caption}\"");
        return [.. ids[..(maxTokens - 1)], tokenizer.EosTokenId];
    }
}
