using System.Text.Json;
using System.Text.Json.Serialization;
using MimiiGen.Checkpoints;

namespace MimiiGen.Diffusion;

/// <summary>
/// The published <c>config.json</c> of diffusers' UNet2DConditionModel, read and written with its own keys.
/// Defaults are diffusers'. A key that would change the network in a way it isn't built for is refused by <see cref="Validate"/>.
/// </summary>
public sealed record UNetConfig
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    /// <summary>Height and width the model was trained at; any other size works.</summary>
    [JsonConverter(typeof(OneOrManyConverter))]
    public IReadOnlyList<int>? SampleSize { get; init; }

    /// <summary>Channels of the noisy latents.</summary>
    public int InChannels { get; init; } = 4;

    /// <summary>Channels of the prediction.</summary>
    public int OutChannels { get; init; } = 4;

    /// <summary>Time embedding as cosines then sines instead of sines then cosines.</summary>
    public bool FlipSinToCos { get; init; } = true;

    /// <summary>Subtracted from the number of frequencies in the exponent of the time embedding: 0 or 1.</summary>
    public int FreqShift { get; init; }

    /// <summary>From the outer level to the inner one: CrossAttnDownBlock2D, AttnDownBlock2D (self-attention only) or DownBlock2D.</summary>
    public IReadOnlyList<string> DownBlockTypes { get; init; } = ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"];

    /// <summary>UNetMidBlock2DCrossAttn.</summary>
    public string MidBlockType { get; init; } = "UNetMidBlock2DCrossAttn";

    /// <summary>From the inner level to the outer one: CrossAttnUpBlock2D, AttnUpBlock2D (self-attention only) or UpBlock2D.</summary>
    public IReadOnlyList<string> UpBlockTypes { get; init; } = ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"];

    /// <summary>Channels of each level, outer first.</summary>
    public IReadOnlyList<int> BlockOutChannels { get; init; } = [320, 640, 1280, 1280];

    /// <summary>Resnets of each down block (up blocks have one more): one number for all levels, or one a level.</summary>
    [JsonConverter(typeof(OneOrManyConverter))]
    public IReadOnlyList<int> LayersPerBlock { get; init; } = [2];

    /// <summary>Groups of every group normalisation; divides the channels of every level.</summary>
    public int NormNumGroups { get; init; } = 32;

    /// <summary>Added to the variance in the resnets' group normalisations.</summary>
    public double NormEps { get; init; } = 1e-5;

    /// <summary>Width of the text embedding: one number for all levels, or one a level.</summary>
    [JsonConverter(typeof(OneOrManyConverter))]
    public IReadOnlyList<int> CrossAttentionDim { get; init; } = [1280];

    /// <summary>Transformer blocks of each attention: one number for all levels, or one a level.</summary>
    [JsonConverter(typeof(OneOrManyConverter))]
    public IReadOnlyList<int> TransformerLayersPerBlock { get; init; } = [1];

    /// <summary>
    /// One number for all levels, or one a level. In CrossAttn blocks and the middle block the NUMBER of heads, in
    /// AttnDown/AttnUp blocks the WIDTH of one head: a slip in diffusers that published checkpoints rely on.
    /// </summary>
    [JsonConverter(typeof(OneOrManyConverter))]
    public IReadOnlyList<int> AttentionHeadDim { get; init; } = [8];

    /// <summary>Linear layers instead of 1x1 convolutions before and after the transformer blocks.</summary>
    public bool UseLinearProjection { get; init; }

    /// <summary>How the time enters a resnet: "default" is added, "scale_shift" scales and shifts after the second normalisation.</summary>
    public string ResnetTimeScaleShift { get; init; } = "default";

    /// <summary>Null, or "projection": a vector given with each clip goes through two linear layers into the time embedding.</summary>
    public string? ClassEmbedType { get; init; }

    /// <summary>Length of that vector.</summary>
    public int? ProjectionClassEmbeddingsInputDim { get; init; }

    /// <summary>The vector's embedding is appended to the time embedding instead of added.</summary>
    public bool ClassEmbeddingsConcat { get; init; }

    /// <summary>Keys of the file not named above, kept for writing back.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement> Others { get; init; } = [];

    /// <summary>Width of the time embedding: four times the outer level's channels.</summary>
    [JsonIgnore]
    public int TimeEmbeddingDim => 4 * BlockOutChannels[0];

    /// <summary>Reads and validates a config.json.</summary>
    /// <exception cref="BadInputException">The file is missing, is no JSON, or describes a network that can't be built.</exception>
    public static UNetConfig Read(string path)
    {
        if (!File.Exists(path)) throw new BadInputException($"{path}: no such U-Net config; expected diffusers' config.json");
        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>Parses and validates the text of a config.json; <paramref name="source"/> names it in messages.</summary>
    /// <exception cref="BadInputException">The text is no JSON, or describes a network that can't be built.</exception>
    public static UNetConfig Parse(string json, string source = "U-Net config")
    {
        try
        {
            var config = JsonSerializer.Deserialize<UNetConfig>(json, Json) ?? throw new BadInputException($"{source}: holds null; expected a U-Net config");
            config.Validate(source);
            return config;
        }
        catch (JsonException e)
        {
            throw new BadInputException($"{source}: no valid U-Net config: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>The text of the config.json.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Writes the config.json.</summary>
    public void Write(string path) => AtomicFile.WriteText(path, ToJson() + "\n");

    /// <summary>Refuses a network that can't be built, with one line.</summary>
    /// <exception cref="BadInputException">A value is out of range, or a key asks for what isn't there.</exception>
    public void Validate(string source = "U-Net config") => UNetConfigRules.Check(this, source);

    /// <summary>The transformer of a level of this network.</summary>
    internal Transformer2DModel TransformerAt(int level) => new(
        BlockOutChannels[level],
        AtLevel(AttentionHeadDim, level),
        AtLevel(CrossAttentionDim, level),
        AtLevel(TransformerLayersPerBlock, level),
        NormNumGroups,
        UseLinearProjection);

    /// <summary>The entry of one level in a setting given once for all or once a level.</summary>
    internal static int AtLevel(IReadOnlyList<int> values, int level) => values.Count == 1 ? values[0] : values[level];
}
