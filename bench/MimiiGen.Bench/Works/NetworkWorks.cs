using System.Text.Json.Nodes;
using MimiiGen.Codec;
using MimiiGen.Diffusion;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Bench;

/// <summary>What is measured against peers: EnCodec at 24 kHz, and the U-Net in two sizes on two clips of 16 x 8 x 750, weights and inputs by formula.</summary>
internal static class NetworkWorks
{
    /// <summary>The time that the U-Nets are asked about.</summary>
    public const long Timestep = 321;

    private const int Batch = 2;
    private const int Tokens = 32;

    public static IEnumerable<NetworkWork> All()
    {
        var config = new EncodecConfig { NormType = "none" }; // kernels as they are once weight norm is folded away
        var codec = new EncodecModel(config);
        Formula.Fill(codec);
        foreach (var seconds in new[] { 10, 60 })
        {
            var audio = Input("audio", 1, 1, seconds * config.SamplingRate);
            yield return new("encode " + seconds + " s", "encoder", null, "encodec24-encoder", Shapes(("audio", audio)), CodecOperations.Encode(config, audio.shape[2]), () => codec.Encode(audio));
            var latents = Input("latents", 1, config.HiddenSize, seconds * config.FrameRate);
            yield return new("decode " + seconds + " s", "decoder", null, "encodec24-decoder", Shapes(("latents", latents)), CodecOperations.Decode(config, latents.shape[2]), () => codec.Decode(latents));
        }

        foreach (var name in new[] { "unet-small8m-noattn0", "unet-audioldm-like" })
        {
            var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Works", name + ".json"));
            var unet = new UNet2DConditionModel(UNetConfig.Parse(text));
            Formula.Fill(unet);
            var (sample, states) = (Input("sample", Batch, 16, 8, 750), Input("text", Batch, Tokens, unet.Config.CrossAttentionDim[0]));
            var time = full(Batch, Timestep, dtype: ScalarType.Int64);
            yield return new(
                $"U-Net {name[5..]}, {Batch} x 16 x 8 x 750", "unet", JsonNode.Parse(text), name, Shapes(("sample", sample), ("text", states)),
                UNetOperations.Count(unet, Batch, 8, 750, Tokens), () => unet.forward(sample, time, states));
        }
    }

    /// <summary>Values by formula, scaled to variance 1.</summary>
    public static Tensor Input(string name, params long[] shape) => Formula.Tensor(name, shape) * Math.Sqrt(shape.Aggregate(1L, (a, b) => a * b) / (double)shape[0]);

    private static Dictionary<string, long[]> Shapes(params (string Name, Tensor Value)[] inputs) => inputs.ToDictionary(i => i.Name, i => i.Value.shape);
}
