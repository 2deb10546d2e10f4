using System.Text.Json;
using System.Text.Json.Serialization;
using MimiiGen.Checkpoints;
using MimiiGen.Diffusion;
using MimiiGen.Text;

namespace MimiiGen.Generation;

/// <summary>The <c>config.json</c> at the root of a model folder: how its parts fit together.</summary>
public sealed record SoundModelConfig
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Name of the model.</summary>
    public required string Name { get; init; }

    /// <summary>How latents become the U-Net's image.</summary>
    public required LatentLayout Layout { get; init; }

    /// <summary>Frames of the clips that it was trained on.</summary>
    public required int TrainedFrames { get; init; }

    /// <summary>Sample rate of the recordings that it was trained on, in Hz: the rate of generated clips.</summary>
    public required int OutputRate { get; init; }

    /// <summary>Rms that a waveform is brought to before it is encoded.</summary>
    public required double EncodedRms { get; init; }

    /// <summary>
    /// kbit/s of the codes whose sums of codebook entries the U-Net's latents are, 24 in the paper; none: they are the encoder's output before quantisation.
    /// </summary>
    public double? LatentBandwidth { get; init; }

    /// <summary>kbit/s at which generated latents are quantised before they are decoded; none: they are decoded as they are.</summary>
    public double? RequantizeBandwidth { get; init; }

    /// <summary>The published text encoder that it was trained on; null where it has one of its own, in <c>text_encoder/</c>.</summary>
    public FrozenTextEncoder? TextEncoder { get; init; }

    /// <summary>The model whose U-Net the updates in <c>unet/</c> are merged into; null where the folder has a U-Net of its own.</summary>
    public BaseModel? Base { get; init; }

    /// <summary>Longest caption in tokens.</summary>
    public int MaxTokens { get; init; } = 256;

    /// <summary>Steps of the sampler where none are asked for.</summary>
    public int Steps { get; init; } = 4;

    /// <summary>Guidance scale where none is asked for.</summary>
    public double Guidance { get; init; } = 1;

    /// <summary>Mean of each latent row over the training clips: (rows).</summary>
    public required float[] RowMeans { get; init; }

    /// <summary>The conditions that it was trained on, in the order of <c>levels.safetensors</c>.</summary>
    public required IReadOnlyList<KnownCondition> Conditions { get; init; }

    internal static SoundModelConfig Read(string path)
    {
        if (!File.Exists(path)) throw new BadInputException($"{path}: no such file; give a model folder such as models/default");
        try
        {
            return JsonSerializer.Deserialize<SoundModelConfig>(File.ReadAllText(path), Json) ?? throw new BadInputException($"{path}: holds null, no model's config");
        }
        catch (JsonException e)
        {
            throw new BadInputException($"{path}: no config of a model: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    internal void Write(string path) => AtomicFile.WriteText(path, JsonSerializer.Serialize(this, Json) + "\n");
}
