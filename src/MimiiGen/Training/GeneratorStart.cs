using System.Text.Json;
using MimiiGen.Checkpoints;
using MimiiGen.Codec;
using MimiiGen.Diffusion;
using MimiiGen.Generation;
using MimiiGen.Hub;
using MimiiGen.Text;

namespace MimiiGen.Training;

/// <summary>
/// A folder that a generator's training goes on from: a model folder of this program, or a pipeline as diffusers writes it (<c>unet/config.json</c>,
/// <c>unet/diffusion_pytorch_model.safetensors</c> or <c>.bin</c>, <c>scheduler/scheduler_config.json</c>).
/// </summary>
public sealed class GeneratorStart
{
    private const double FineTuningRate = 1e-4;

    private readonly string folder;

    /// <param name="folder">The folder.</param>
    /// <exception cref="BadInputException">It has no U-Net or no scheduler, or is itself made of updates.</exception>
    public GeneratorStart(string folder)
    {
        this.folder = Path.GetFullPath(folder);
        if (!Directory.Exists(UNet)) throw new BadInputException($"{folder}: nothing to start from; give a folder with unet/ and scheduler/, such as models/default");
        var config = Path.Combine(folder, "config.json");
        if (File.Exists(config)) Own = SoundModelConfig.Read(config);
        if (Own?.Base is { } parts) throw new BadInputException($"{folder}: holds updates of {parts.Folder} alone; start from that folder");
        UNetSha256 = FileHash.Sha256(UNetFolder.Weights(UNet));
    }

    /// <summary>The root of the folder.</summary>
    public string Folder => folder;

    /// <summary>SHA-256 of the U-Net's weights.</summary>
    public string UNetSha256 { get; }

    /// <summary>The codec that its latents are of; null where the folder has none.</summary>
    public string? Codec => Directory.Exists(Path.Combine(folder, "codec")) ? Path.Combine(folder, "codec") : null;

    /// <summary>How a model of this program fits together; null for another's.</summary>
    internal SoundModelConfig? Own { get; }

    private string UNet => Path.Combine(folder, "unet");

    private string TextFolder => Path.Combine(folder, "text_encoder");

    /// <summary>The architecture that the folder describes, on the latents of a codec.</summary>
    /// <param name="codecFolder">Of the codec.</param>
    /// <param name="textEncoder">A published text encoder: a folder, or a name in the cache; null for the folder's own, or a small one trained along.</param>
    /// <param name="cache">The cache.</param>
    /// <exception cref="BadInputException">U-Net, codec and text encoder don't fit each other.</exception>
    public GeneratorArchitecture Architecture(string codecFolder, string? textEncoder, HubCache cache)
    {
        var unet = UNetConfig.Read(Path.Combine(UNet, "config.json"));
        var sampler = SamplerConfig.Read(Path.Combine(folder, "scheduler", "scheduler_config.json"));
        var rows = EncodecConfig.Load(Path.Combine(codecFolder, "config.json")).HiddenSize;
        if (unet.InChannels != unet.OutChannels || rows % unet.InChannels != 0)
            throw new BadInputException($"{UNet}: takes {unet.InChannels} channels and gives {unet.OutChannels}; for latents of {rows} rows both have to be one number that divides {rows}");
        if (unet.ClassEmbedType is not null && unet.ProjectionClassEmbeddingsInputDim != rows)
            throw new BadInputException($"{UNet}: takes a vector of {unet.ProjectionClassEmbeddingsInputDim} with each clip; here it is the clip's {rows} levels");
        if (unet.CrossAttentionDim.Distinct().Count() > 1) throw new BadInputException($"{UNet}: attends to captions of several widths ({string.Join(", ", unet.CrossAttentionDim)}); here all levels see the same");
        var width = unet.CrossAttentionDim[0];
        var published = textEncoder is null ? Own?.TextEncoder : FrozenTextEncoder.Of(textEncoder, cache);
        var text = HasText ? T5Config.Read(Path.Combine(TextFolder, "config.json")) : T5Config.SmallByteLevel with { DModel = width };
        var given = published is null ? text.DModel : T5Config.Read(Path.Combine(cache.Resolve(published.Model), "config.json")).DModel;
        if (given != width) throw new BadInputException($"{UNet}: attends to captions of width {width}, the text encoder gives {given}; choose another --text-encoder");
        return new GeneratorArchitecture(Own?.Layout ?? new LatentLayout(unet.InChannels, rows / unet.InChannels), unet, text, sampler) { TextEncoder = published };
    }

    /// <summary>Settings of a training that begins here: the latents of the start, and a lower learning rate.</summary>
    /// <param name="usual">The others.</param>
    public GeneratorTrainingSettings Settings(GeneratorTrainingSettings usual)
    {
        ArgumentNullException.ThrowIfNull(usual);
        var same = Own is null ? usual : usual with { LatentBandwidth = Own.LatentBandwidth, RequantizeBandwidth = Own.RequantizeBandwidth };
        return same with { Start = this, LearningRate = FineTuningRate };
    }

    /// <summary>What a run's state has to agree on.</summary>
    internal string Identity => JsonSerializer.Serialize(UNetSha256);

    /// <summary>The weights of U-Net and, where it is this program's, text encoder.</summary>
    internal void Load(GeneratorNetworks networks)
    {
        using var start = UNetFolder.Load(UNet);
        ModelWeights.Fill(networks.UNet, start.state_dict().ToDictionary(p => p.Key, p => p.Value), UNet);
        if (networks.Text is not null && HasText) ModelWeights.Load(networks.Text, Path.Combine(folder, SoundModel.TextWeights));
    }

    /// <summary>A pipeline of another program has a text encoder of its own sort, which is asked for by name.</summary>
    private bool HasText => Own is { TextEncoder: null };
}
