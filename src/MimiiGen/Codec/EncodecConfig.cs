using System.Text.Json;
using System.Text.Json.Serialization;

namespace MimiiGen.Codec;

/// <summary>
/// The published <c>config.json</c> of an EnCodec model (transformers' EncodecConfig); the defaults are those of the 24 kHz model.
/// </summary>
public sealed record EncodecConfig
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    /// <summary>The published 24 kHz model: one channel, causal.</summary>
    [JsonIgnore]
    public static EncodecConfig Published24 { get; } = new() { CodebookDim = 128 };

    /// <summary>The published 48 kHz model: two channels, segments of one second, each at its own level.</summary>
    [JsonIgnore]
    public static EncodecConfig Published48 { get; } = new()
    {
        TargetBandwidths = [3, 6, 12, 24],
        SamplingRate = 48000,
        AudioChannels = 2,
        Normalize = true,
        ChunkLengthSeconds = 1,
        Overlap = 0.01,
        NormType = "time_group_norm",
        UseCausalConv = false,
        CodebookDim = 128,
    };

    /// <summary>The narrower codec that can start as a lapped transform: half the filters, centred convolutions, no LSTM.</summary>
    [JsonIgnore]
    public static EncodecConfig Lapped { get; } = new() { NumFilters = 16, UseCausalConv = false, NumLstmLayers = 0, InputRms = 0.1 };

    /// <summary>Bandwidths that the quantiser serves, in kbit/s.</summary>
    public IReadOnlyList<double> TargetBandwidths { get; init; } = [1.5, 3.0, 6.0, 12.0, 24.0];

    /// <summary>Samples a second and channel.</summary>
    public int SamplingRate { get; init; } = 24000;

    /// <summary>Channels of the waveform.</summary>
    public int AudioChannels { get; init; } = 1;

    /// <summary>Whether a waveform is divided by its rms before encoding (and multiplied after decoding).</summary>
    public bool Normalize { get; init; }

    /// <summary>
    /// Rms that the recordings were brought to which the codec learned: a waveform is brought there as a whole before encoding (and back after
    /// decoding). None, as in published configurations: its level stays.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? InputRms { get; init; }

    /// <summary>
    /// Frequency in Hz from which on latents tell how much sound there is, not its waveform: what is decoded there is worth less than noise in its place
    /// (<see cref="Audio.NoiseSubstitution"/>). None, as in published configurations: they tell the waveform everywhere.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? NoiseAbove { get; init; }

    /// <summary>Length of independent segments in seconds; none: the waveform is one segment.</summary>
    [JsonPropertyName("chunk_length_s")]
    public double? ChunkLengthSeconds { get; init; }

    /// <summary>Part of a segment shared with the next one, 0 to 1.</summary>
    public double? Overlap { get; init; }

    /// <summary>Dimension of a latent frame.</summary>
    public int HiddenSize { get; init; } = 128;

    /// <summary>Channels of the outermost layers; doubled at each strided convolution.</summary>
    public int NumFilters { get; init; } = 32;

    /// <summary>Residual blocks before each strided convolution.</summary>
    public int NumResidualLayers { get; init; } = 1;

    /// <summary>Strides of the decoder, outermost last; their product is the hop.</summary>
    public IReadOnlyList<int> UpsamplingRatios { get; init; } = [8, 5, 4, 2];

    /// <summary><c>weight_norm</c> or <c>time_group_norm</c>.</summary>
    public string NormType { get; init; } = "weight_norm";

    /// <summary>Width of the first convolution.</summary>
    public int KernelSize { get; init; } = 7;

    /// <summary>Width of the last convolution.</summary>
    public int LastKernelSize { get; init; } = 7;

    /// <summary>Width of the convolutions in residual blocks.</summary>
    public int ResidualKernelSize { get; init; } = 3;

    /// <summary>Dilation of block j of a level is this to the power j.</summary>
    public int DilationGrowthRate { get; init; } = 2;

    /// <summary>Whether a frame sees only the past.</summary>
    public bool UseCausalConv { get; init; } = true;

    /// <summary>Padding at the ends of the waveform.</summary>
    public string PadMode { get; init; } = "reflect";

    /// <summary>A residual block narrows its channels by this factor.</summary>
    public int Compress { get; init; } = 2;

    /// <summary>Layers of the recurrent block; 0 leaves it out.</summary>
    public int NumLstmLayers { get; init; } = 2;

    /// <summary>Part of a causal transposed convolution's surplus that is cut from the right.</summary>
    public double TrimRightRatio { get; init; } = 1.0;

    /// <summary>Entries of a codebook.</summary>
    public int CodebookSize { get; init; } = 1024;

    /// <summary>Dimension of a codebook's entries; none: the latent dimension.</summary>
    public int? CodebookDim { get; init; }

    /// <summary>Whether the shortcut of a residual block is a convolution rather than the identity.</summary>
    public bool UseConvShortcut { get; init; } = true;

    /// <summary>Rms that a segment has when it is encoded, by <see cref="Normalize"/> or <see cref="InputRms"/>; none: its own.</summary>
    [JsonIgnore]
    public double? EncodedRms => Normalize ? 1 : InputRms;

    /// <summary>Length of independent segments in samples; none: the waveform is one segment.</summary>
    [JsonIgnore]
    public int? SegmentLength => ChunkLengthSeconds is { } seconds ? (int)(seconds * SamplingRate) : null;

    /// <summary>Samples from one segment's beginning to the next one's; none where there is one segment.</summary>
    [JsonIgnore]
    public int? SegmentStride => SegmentLength is { } length ? Math.Max(1, (int)((1 - (Overlap ?? 0)) * length)) : null;

    /// <summary>What the encodec package calls a model built like this; none where it has none such.</summary>
    [JsonIgnore]
    public string? PublishedName => Built(Published24) ? "encodec_24khz" : Built(Published48) ? "encodec_48khz" : null;

    /// <summary>Samples between latent frames.</summary>
    [JsonIgnore]
    public int HopLength => UpsamplingRatios.Aggregate(1, (a, b) => a * b);

    /// <summary>Latent frames a second, rounded up.</summary>
    [JsonIgnore]
    public int FrameRate => (int)Math.Ceiling((double)SamplingRate / HopLength);

    /// <summary>Bits of one code.</summary>
    [JsonIgnore]
    public double BitsPerCode => Math.Log2(CodebookSize);

    /// <summary>Codebooks that the highest bandwidth takes.</summary>
    [JsonIgnore]
    public int NumQuantizers => QuantizersFor(TargetBandwidths.Max());

    /// <summary>Codebooks that fit into a bandwidth in kbit/s, at least one.</summary>
    /// <exception cref="BadInputException">The model does not serve that bandwidth.</exception>
    public int QuantizersFor(double bandwidth)
    {
        if (!TargetBandwidths.Contains(bandwidth))
            throw new BadInputException($"bandwidth {bandwidth} kbit/s: this codec serves {string.Join(", ", TargetBandwidths)}");
        return Math.Max(1, (int)Math.Floor(bandwidth * 1000 / (BitsPerCode * FrameRate)));
    }

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <exception cref="BadInputException">The file is absent or no such configuration.</exception>
    public static EncodecConfig Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: no configuration of an EnCodec model can be read ({e.Message})", e);
        }
    }

    /// <summary>Reads the text of a <c>config.json</c>; unknown keys are passed over.</summary>
    public static EncodecConfig Parse(string json) =>
        JsonSerializer.Deserialize<EncodecConfig>(json, Format) ?? throw new JsonException("null is no configuration");

    /// <summary>The text of a <c>config.json</c>.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Format);

    /// <summary>Whether everything is as in another configuration.</summary>
    private bool Built(EncodecConfig other) =>
        (this with { CodebookDim = CodebookDim ?? HiddenSize }).ToJson() == other.ToJson();
}
