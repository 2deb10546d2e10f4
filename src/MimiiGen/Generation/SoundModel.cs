using MimiiGen.Audio;
using MimiiGen.Checkpoints;
using MimiiGen.Codec;
using MimiiGen.Diffusion;
using MimiiGen.Hub;
using MimiiGen.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Generation;

/// <summary>
/// A trained generator: text encoder, U-Net, noise schedule, codec, and the levels of its training clips. A folder of
/// <c>config.json</c>, <c>levels.safetensors</c>, <c>codec/</c>, <c>unet/</c>, <c>text_encoder/</c> and <c>scheduler/</c>, each as it is published elsewhere. One made by
/// LoRA holds updates alone and names the model they are of.
/// </summary>
public sealed class SoundModel : IDisposable
{
    internal const string UNetWeights = "unet/diffusion_pytorch_model.safetensors";
    internal const string LoraWeights = "unet/pytorch_lora_weights.safetensors";
    internal const string TextWeights = "text_encoder/model.safetensors";
    internal const string CodecWeights = "codec/model.safetensors";
    internal const string LevelsFile = "levels.safetensors";

    private SoundModel(string folder, Device device, Action<string>? warn)
    {
        Folder = folder;
        Device = device;
        Config = SoundModelConfig.Read(In("config.json"));
        Levels = ConditionLevels.Read(In(LevelsFile));
        Sampler = SamplerConfig.Read(In("scheduler/scheduler_config.json"));
        if (Config.Base is { } parts) Require(parts);
        Codec = EncodecModel.Load(Part("codec"));
        UNet = UNetFolder.Load(Part("unet"));
        if (Config.Base is not null) LowRankAdapters.Merge(UNet, In(LoraWeights));
        Text = Config.TextEncoder is { } frozen
            ? frozen.Load(new HubSettings().Cache, Config.MaxTokens, warn)
            : new TextEncoder(new ByteTokenizer(), OwnTextEncoder(), Config.MaxTokens, warn, remembered: TextEncoder.Remembered);
        foreach (var part in new nn.Module[] { Codec, UNet, Text.Encoder })
        {
            part.eval();
            part.to(device);
        }

        Shape = new LatentShape(Config.RowMeans);
        if (Config.Layout.Dimensions != Codec.Config.HiddenSize || Levels.Rows != Config.Layout.Dimensions || Config.RowMeans.Length != Levels.Rows)
            throw new BadInputException($"{folder}: layout, codec, levels and row means disagree on the number of latent rows");
        if (Codec.Config.NoiseAbove is < 0 and var above) throw new BadInputException($"{Part("codec")}: noise_above {above} in its config.json: give a frequency in Hz, or leave it out");
        if (Levels.TextureOf(0) is var (spectrum, variation)) // all clips' are alike
        {
            RequireBands("spectra", spectrum.Length, FineSpectrum.Bands(Config.OutputRate));
            if (variation is not null) RequireBands("variations", variation.Length, FineVariation.Bands(Config.OutputRate));
        }

        foreach (var bandwidth in new[] { Config.LatentBandwidth, Config.RequantizeBandwidth }.OfType<double>()) _ = Codec.Config.QuantizersFor(bandwidth);
        if (UNet.Config.CrossAttentionDim[0] != Text.Width)
            throw new BadInputException($"{folder}: the U-Net attends to captions of width {UNet.Config.CrossAttentionDim[0]}, the text encoder gives {Text.Width}");
        if (Config.Conditions.Count != Levels.Conditions.Max() + 1)
            throw new BadInputException($"{folder}: config.json names {Config.Conditions.Count} conditions, {LevelsFile} has {Levels.Conditions.Max() + 1}");
    }

    /// <summary>Where it was read from.</summary>
    public string Folder { get; }

    /// <summary>Where it computes.</summary>
    public Device Device { get; }

    /// <summary>How its parts fit together.</summary>
    public SoundModelConfig Config { get; }

    /// <summary>Levels of the training clips.</summary>
    public ConditionLevels Levels { get; }

    /// <summary>The schedule it was trained with and the sampler it prefers.</summary>
    public SamplerConfig Sampler { get; }

    /// <summary>The codec.</summary>
    public EncodecModel Codec { get; }

    /// <summary>The denoiser.</summary>
    public UNet2DConditionModel UNet { get; }

    internal TextEncoder Text { get; }

    internal LatentShape Shape { get; }

    /// <summary>Reads a model folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="device">Where to compute; the CPU where it is null.</param>
    /// <param name="warn">Told of captions that are longer than the text encoder takes, and cut.</param>
    /// <exception cref="BadInputException">A file is missing, malformed, or does not fit the others.</exception>
    public static SoundModel Load(string folder, Device? device = null, Action<string>? warn = null)
    {
        if (!Directory.Exists(folder)) throw new BadInputException($"{folder}: no such model folder; give one with config.json, such as models/default");
        return new SoundModel(folder, device ?? CPU, warn);
    }

    /// <summary>SHA-256 of each file of weights, by its name in the folder.</summary>
    public IReadOnlyDictionary<string, string> WeightsSha256()
    {
        string[] own = Config.TextEncoder is null ? [UNetWeights, TextWeights, CodecWeights, LevelsFile] : [UNetWeights, CodecWeights, LevelsFile];
        var hashes = own.ToDictionary(name => name, name => FileHash.Sha256(name == LevelsFile ? In(name) : Part(name)));
        if (Config.Base is not null) hashes[LoraWeights] = FileHash.Sha256(In(LoraWeights));
        if (Config.TextEncoder is { } frozen)
            foreach (var (file, hash) in frozen.Sha256) hashes[$"{frozen.Model}/{file}"] = hash;
        return hashes;
    }

    /// <summary>Number of weights of U-Net and text encoder.</summary>
    public long ParameterCount => UNet.parameters().Concat(Text.Encoder.parameters()).Sum(p => p.numel());

    /// <summary>The conditions that it was trained on, those with the most clips first.</summary>
    public IReadOnlyList<KnownCondition> ConditionsByCount() =>
        [.. Config.Conditions.Select((condition, i) => (condition, Count: Levels.CountOf(i))).OrderByDescending(c => c.Count).Select(c => c.condition)];

    /// <summary>The embedding of a caption, as the U-Net attends to it; the caller disposes it.</summary>
    public CaptionEmbedding EmbedCaption(string caption) => Text.Encode([caption]);

    /// <inheritdoc/>
    public void Dispose()
    {
        Codec.Dispose();
        UNet.Dispose();
        Text.Dispose();
        Text.Encoder.Dispose();
    }

    private T5Encoder OwnTextEncoder()
    {
        var encoder = new T5Encoder(T5Config.Read(Part("text_encoder/config.json")));
        ModelWeights.Load(encoder, Part(TextWeights));
        return encoder;
    }

    private string In(string name) => Path.Combine(Folder, name);

    /// <summary>A file of U-Net, text encoder or codec, which may be the base's.</summary>
    private string Part(string name) => Path.Combine(Config.Base?.Folder ?? Folder, name);

    private void RequireBands(string name, int bands, int right)
    {
        if (bands != right) throw new BadInputException($"{In(LevelsFile)}: its {name} have {bands} bands, clips of {Config.OutputRate} Hz have {right}");
    }

    private void Require(BaseModel parts)
    {
        var weights = UNetFolder.Weights(Path.Combine(parts.Folder, "unet"));
        if (FileHash.Sha256(weights) != parts.UNetSha256) throw new BadInputException($"{Folder}: its updates are of another U-Net than {weights} (SHA-256 {parts.UNetSha256[..12]}…); bring that one back");
    }
}
