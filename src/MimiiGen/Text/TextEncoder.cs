using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>
/// Captions to embeddings: a tokenizer and a T5 encoder. The empty caption is the unconditional one: its only token is the closing one.
/// </summary>
/// <param name="tokenizer">The tokenizer the encoder was, or is to be, trained with.</param>
/// <param name="encoder">The encoder; its training mode decides whether gradients flow. It stays the caller's.</param>
/// <param name="maxTokens">Longest caption in tokens, at least 1; longer ones are cut.</param>
/// <param name="warn">Told of each caption that is cut, once.</param>
/// <param name="remembered">Captions whose embeddings are kept for the next time; 0 where the encoder is still to change.</param>
public sealed class TextEncoder(ITokenizer tokenizer, T5Encoder encoder, int maxTokens = 512, Action<string>? warn = null, int remembered = 0) : IDisposable
{
    /// <summary>Captions that an encoder which doesn't change remembers: more than the conditions of any published set.</summary>
    public const int Remembered = 1024;

    private const int TokensAtOnce = 1 << 15;

    private readonly HashSet<string> told = new(StringComparer.Ordinal);
    private readonly EmbeddingCache? cache = remembered > 0 ? new EmbeddingCache(remembered) : null;

    /// <summary>The model.</summary>
    public T5Encoder Encoder => encoder;

    /// <summary>Width of the embeddings.</summary>
    public int Width => encoder.Config.DModel;

    /// <summary>
    /// Loads the encoder and the tokenizer of a published model's folder: <c>config.json</c>, weights, and <c>spiece.model</c> unless it is a ByT5.
    /// It remembers embeddings, so its weights are not to be changed.
    /// </summary>
    /// <exception cref="BadInputException">A file is missing or damaged.</exception>
    public static TextEncoder FromPretrained(string folder, int maxTokens = 512, Action<string>? warn = null)
    {
        var model = T5Encoder.FromPretrained(folder);
        model.Warn = warn;
        return new TextEncoder(new T5Folder(folder).Tokenizer(model.Config), model, maxTokens, warn, Remembered);
    }

    /// <summary>
    /// Embeds captions. In training mode they go through the encoder together, with gradients and dropout. Otherwise each distinct
    /// caption is computed once and alone, without gradients, so that its embedding is the same bit for bit whatever it is batched with.
    /// </summary>
    public CaptionEmbedding Encode(IReadOnlyList<string> captions)
    {
        ArgumentNullException.ThrowIfNull(captions);
        if (captions.Count == 0) throw new ArgumentException("no captions to encode", nameof(captions));
        using var scope = NewDisposeScope();
        var (embeddings, mask) = encoder.training ? EncodeTogether(captions) : EncodeDistinct(captions);
        return new CaptionEmbedding(embeddings.MoveToOuterDisposeScope(), mask.MoveToOuterDisposeScope());
    }

    /// <summary>Frees the remembered embeddings; the encoder stays.</summary>
    public void Dispose() => cache?.Dispose();

    private void Warn(string line)
    {
        if (warn is null) return;
        lock (told)
            if (!told.Add(line)) return;
        warn(line);
    }

    private CaptionEmbedding EncodeTogether(IReadOnlyList<string> captions)
    {
        var batch = CaptionBatch.Create(tokenizer, captions, maxTokens, Warn, encoder.parameters().First().device);
        return new CaptionEmbedding(encoder.call(batch.InputIds, batch.AttentionMask), batch.AttentionMask);
    }

    private CaptionEmbedding EncodeDistinct(IReadOnlyList<string> captions)
    {
        using var noGrad = no_grad();
        var alone = new Dictionary<string, CaptionEmbedding>(StringComparer.Ordinal);
        string[] distinct = [.. captions.Distinct(StringComparer.Ordinal)];
        foreach (var caption in distinct)
            if (cache?.Find(caption) is { } known) alone[caption] = known;
        string[] unknown = [.. distinct.Where(caption => !alone.ContainsKey(caption))];
        foreach (var (caption, fresh) in encoder.EncodesEach ? EncodeEach(unknown) : unknown.Select(caption => (caption, EncodeTogether([caption]))))
            alone[caption] = cache is null ? fresh : cache.Keep(caption, fresh);
        var tokens = alone.Values.Max(each => each.Mask.shape[1]);
        return new CaptionEmbedding(
            cat([.. captions.Select(caption => nn.functional.pad(alone[caption].Embeddings, [0, 0, 0, tokens - alone[caption].Mask.shape[1]]))]), // (batch, tokens, d_model)
            cat([.. captions.Select(caption => nn.functional.pad(alone[caption].Mask, [0, tokens - alone[caption].Mask.shape[1]]))])); // (batch, tokens)
    }

    /// <summary>Captions through the encoder side by side, some thousand tokens at a time.</summary>
    private IEnumerable<(string Caption, CaptionEmbedding Embedding)> EncodeEach(IReadOnlyList<string> captions)
    {
        foreach (var some in captions.Chunk(Math.Max(1, TokensAtOnce / maxTokens)))
        {
            var embeddings = encoder.EncodeEach([.. some.Select(caption => CaptionBatch.Cut(tokenizer, caption, maxTokens, Warn))]);
            for (var i = 0; i < some.Length; i++) yield return (some[i], new CaptionEmbedding(embeddings[i], ones(1, embeddings[i].shape[1], dtype: ScalarType.Int64)));
        }
    }
}
