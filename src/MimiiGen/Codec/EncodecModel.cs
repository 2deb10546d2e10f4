using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Codec;

/// <summary>
/// EnCodec (Défossez et al. 2022, "High fidelity neural audio compression"; layers and names as transformers' EncodecModel):
/// waveform -> latents -> codes -> latents -> waveform.
/// </summary>
public sealed class EncodecModel : nn.Module
{
    private readonly EncodecEncoder encoder;
    private readonly EncodecDecoder decoder;
    private readonly ResidualVectorQuantizer quantizer;

    /// <summary>A model with random weights.</summary>
    public EncodecModel(EncodecConfig config)
        : base(nameof(EncodecModel))
    {
        ArgumentNullException.ThrowIfNull(config);
        Config = config;
        encoder = new EncodecEncoder(config);
        decoder = new EncodecDecoder(config);
        quantizer = new ResidualVectorQuantizer(config);
        RegisterComponents();
        foreach (var tensor in state_dict().Values) tensor.DetachFromDisposeScope(); // the caller's scope may end before the model does
    }

    /// <summary>What the model was built from.</summary>
    public EncodecConfig Config { get; }

    /// <summary>Where it computes.</summary>
    internal Device Device => quantizer.Entries(0).device;

    internal EncodecEncoder Encoder => encoder;

    internal EncodecDecoder Decoder => decoder;

    internal ResidualVectorQuantizer Quantizer => quantizer;

    /// <summary>
    /// Reads <c>config.json</c> and the weights of a folder (<c>model.safetensors</c>, <c>pytorch_model.bin</c> or the encodec package's <c>.th</c>), or a lone
    /// <c>.th</c> file of that package; in evaluation mode.
    /// </summary>
    /// <exception cref="BadInputException">A file is absent, malformed, or its tensors are not those of the configuration.</exception>
    public static EncodecModel Load(string path)
    {
        var lone = File.Exists(path);
        if (lone && !CodecWeights.IsPyTorch(path)) throw new BadInputException($"{path}: give the folder of the codec, which has config.json beside the weights");
        var model = new EncodecModel(lone ? CodecWeights.ConfigOf(path) : EncodecConfig.Load(Path.Combine(path, "config.json")));
        CodecWeights.Load(model, lone ? path : CodecWeights.Find(path));
        model.eval();
        return model;
    }

    /// <summary>Waveform (batch, channels, samples) to latents (batch, hidden, frames) before quantisation.</summary>
    public Tensor Encode(Tensor waveform) => encoder.forward(waveform);

    /// <summary>Latents (batch, hidden, frames) to codes (codebooks, batch, frames), int64, at a bandwidth in kbit/s.</summary>
    public Tensor Quantize(Tensor latents, double bandwidth) => quantizer.Encode(latents, Config.QuantizersFor(bandwidth));

    /// <summary>Codes (codebooks, batch, frames) to latents (batch, hidden, frames).</summary>
    public Tensor Dequantize(Tensor codes) => quantizer.Decode(codes);

    /// <summary>Latents (batch, hidden, frames) to waveform (batch, channels, frames * hop), untrimmed.</summary>
    public Tensor Decode(Tensor latents) => decoder.forward(latents);

    /// <summary>Latents (batch, hidden, frames) as the codebooks of a bandwidth in kbit/s give them back; without one, as they are.</summary>
    public Tensor Requantize(Tensor latents, double? bandwidth)
    {
        ArgumentNullException.ThrowIfNull(latents);
        if (bandwidth is null) return latents.alias();
        using var codes = Quantize(latents, bandwidth.Value); // (codebooks, batch, frames)
        return Dequantize(codes);
    }
}
