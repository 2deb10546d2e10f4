using System.Text.Json;
using System.Text.Json.Serialization;
using MimiiGen.Checkpoints;

namespace MimiiGen.Text;

/// <summary>
/// The shape of a T5, Flan-T5 or ByT5 model, bound to the <c>config.json</c> that is published with each; defaults are those that
/// a file without the key means.
/// </summary>
public sealed record T5Config
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    /// <summary>A byte-level encoder of about 0.4 million parameters, small enough to be trained together with a generator.</summary>
    public static T5Config SmallByteLevel { get; } = new()
    {
        VocabSize = ByteTokenizer.VocabSize,
        DModel = 128,
        DKv = 32,
        DFf = 256,
        NumLayers = 2,
        NumHeads = 4,
        FeedForwardProj = GatedGelu,
        TieWordEmbeddings = false,
    };

    /// <summary><see cref="FeedForwardProj"/> of T5 1.0.</summary>
    public const string Relu = "relu";

    /// <summary><see cref="FeedForwardProj"/> of T5 1.1, Flan-T5 and ByT5: a GELU (tanh approximation) gates a second projection.</summary>
    public const string GatedGelu = "gated-gelu";

    /// <summary>The family, <c>t5</c> in every published file.</summary>
    public string ModelType { get; init; } = "t5";

    /// <summary>Number of rows of the embedding; more than the tokenizer's ids where the file was padded.</summary>
    public int VocabSize { get; init; } = 32128;

    /// <summary>Width of embeddings and hidden states.</summary>
    public int DModel { get; init; } = 512;

    /// <summary>Width of keys and values of one head; heads * d_kv need not be d_model.</summary>
    public int DKv { get; init; } = 64;

    /// <summary>Width inside the feed-forward layers.</summary>
    public int DFf { get; init; } = 2048;

    /// <summary>Blocks of the encoder.</summary>
    public int NumLayers { get; init; } = 6;

    /// <summary>Blocks of the decoder; as many as the encoder has where null.</summary>
    public int? NumDecoderLayers { get; init; }

    /// <summary>Attention heads.</summary>
    public int NumHeads { get; init; } = 8;

    /// <summary>Buckets of relative positions, half of them for each direction in the encoder.</summary>
    public int RelativeAttentionNumBuckets { get; init; } = 32;

    /// <summary>Distance in tokens from which on all positions share the last bucket.</summary>
    public int RelativeAttentionMaxDistance { get; init; } = 128;

    /// <summary>Probability of dropout while training, 0 up to 1.</summary>
    public double DropoutRate { get; init; } = 0.1;

    /// <summary>Added to the mean square in the layer norms.</summary>
    public double LayerNormEpsilon { get; init; } = 1e-6;

    /// <summary>Scale of the initial weights.</summary>
    public double InitializerFactor { get; init; } = 1;

    /// <summary><see cref="Relu"/> or <see cref="GatedGelu"/>.</summary>
    public string FeedForwardProj { get; init; } = Relu;

    /// <summary>Whether the output matrix is the embedding (T5 1.0).</summary>
    public bool TieWordEmbeddings { get; init; } = true;

    /// <summary>Whether the decoder's output is scaled by d_model^-0.5 before the output matrix; as <see cref="TieWordEmbeddings"/> where null.</summary>
    public bool? ScaleDecoderOutputs { get; init; }

    /// <summary>Id that fills shorter rows.</summary>
    public long PadTokenId { get; init; }

    /// <summary>Id that ends a text.</summary>
    public long EosTokenId { get; init; } = 1;

    /// <summary>Id the decoder starts from.</summary>
    public long DecoderStartTokenId { get; init; }

    /// <summary>Width of all heads together.</summary>
    [JsonIgnore]
    public int InnerWidth => NumHeads * DKv;

    /// <summary>Blocks of the decoder, resolved.</summary>
    [JsonIgnore]
    public int DecoderLayers => NumDecoderLayers ?? NumLayers;

    /// <summary>Whether the decoder's output is scaled, resolved.</summary>
    [JsonIgnore]
    public bool ScalesDecoderOutputs => ScaleDecoderOutputs ?? TieWordEmbeddings;

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <exception cref="BadInputException">The file is missing, no JSON, or describes a model that can't be built.</exception>
    public static T5Config Read(string path)
    {
        if (!File.Exists(path)) throw new BadInputException($"{path}: no such file; a T5 model folder needs its config.json");
        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>Reads the text of a <c>config.json</c>; <paramref name="source"/> names it in messages.</summary>
    /// <exception cref="BadInputException">The text is no JSON, or describes a model that can't be built.</exception>
    public static T5Config Parse(string json, string source)
    {
        try
        {
            var config = JsonSerializer.Deserialize<T5Config>(json, Json) ?? throw new BadInputException($"{source}: holds no T5 config");
            config.Check(source);
            return config;
        }
        catch (JsonException e)
        {
            throw new BadInputException($"{source}: no valid T5 config: {e.Message}", e);
        }
    }

    /// <summary>Writes this config as a <c>config.json</c>.</summary>
    public void Write(string path) => AtomicFile.WriteText(path, JsonSerializer.Serialize(this, Json) + "\n");

    private void Check(string source)
    {
        if (FeedForwardProj is not (Relu or GatedGelu))
            throw new BadInputException($"{source}: feed_forward_proj '{FeedForwardProj}' is not supported; use '{Relu}' or '{GatedGelu}'");
        foreach (var (key, value) in new[]
        {
            ("vocab_size", VocabSize), ("d_model", DModel), ("d_kv", DKv), ("d_ff", DFf), ("num_layers", NumLayers), ("num_decoder_layers", DecoderLayers),
            ("num_heads", NumHeads), ("relative_attention_max_distance", RelativeAttentionMaxDistance - (RelativeAttentionNumBuckets / 2)),
            ("relative_attention_num_buckets", RelativeAttentionNumBuckets - 3),
        })
            if (value < 1)
                throw new BadInputException($"{source}: {key} is too small for a T5 model; take the config.json that was published with the weights");
        if (DropoutRate is < 0 or >= 1) throw new BadInputException($"{source}: dropout_rate {DropoutRate} is outside 0 up to 1");
    }
}
