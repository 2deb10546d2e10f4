using MimiiGen.Checkpoints;
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
    }

    /// <summary>What the model was built from.</summary>
    public EncodecConfig Config { get; }

    internal EncodecEncoder Encoder => encoder;

    internal EncodecDecoder Decoder => decoder;

    internal ResidualVectorQuantizer Quantizer => quantizer;

    /// <summary>Reads <c>config.json</c> and <c>model.safetensors</c> of a folder; in evaluation mode.</summary>
    /// <exception cref="BadInputException">A file is absent, malformed, or its tensors are not those of the configuration.</exception>
    public static EncodecModel Load(string folder)
    {
        var model = new EncodecModel(EncodecConfig.Load(Path.Combine(folder, "config.json")));
        ModelWeights.Load(model, Path.Combine(folder, "model.safetensors"), IsStatistic);
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

    /// <summary>Training statistics of published quantisers: in the files, but of no use here.</summary>
    private static bool IsStatistic(string name) =>
        name.EndsWith(".inited", StringComparison.Ordinal) || name.EndsWith(".cluster_size", StringComparison.Ordinal) || name.EndsWith(".embed_avg", StringComparison.Ordinal);
}
