using System.Text.Json;
using MimiiGen.Tests.Golden;
using MimiiGen.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Text;

/// <summary>The small reference models of golden t5: their configs, weights by formula with their factors, and recorded tensors.</summary>
internal static class TinyT5
{
    public const double EncoderTolerance = 5e-5;
    public const double LogitsTolerance = 2e-4;

    private static readonly Dictionary<string, Tensor> Recorded = Kept("t5/tiny.safetensors");
    private static readonly JsonElement Runs = GoldenFile.Json("t5/tiny.json");

    public static Tensor Tensor(string name) => Recorded[name];

    public static JsonElement Run(string model) => Runs.GetProperty(model);

    public static T5Config Config(string model) => T5Config.Parse(Run(model).GetProperty("config").GetRawText(), model);

    public static T5Encoder Encoder(string model)
    {
        var encoder = new T5Encoder(Config(model));
        Fill(encoder, encoder.Config, Run(model).GetProperty("factors"));
        return encoder;
    }

    public static T5ForConditionalGeneration Model(string model)
    {
        var whole = new T5ForConditionalGeneration(Config(model));
        Fill(whole, whole.Config, Run(model).GetProperty("factors"));
        return whole;
    }

    public static void Fill(nn.Module module, T5Config config, JsonElement factors)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        float Factor(string name) => factors.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetSingle() : 1;
        Formula.Fill(module);
        foreach (var (name, value) in module.state_dict())
        {
            if (name.EndsWith(".q.weight", StringComparison.Ordinal)) value.mul_(Factor("q"));
            else if (name == "shared.weight") value.mul_(Factor("emb"));
            else if (name == "lm_head.weight") value.mul_(Factor("head"));
            else if (name == "decoder.final_layer_norm.weight") value.mul_(Factor("fln"));
            if (name == (config.TieWordEmbeddings ? "shared.weight" : "lm_head.weight")) value[1].mul_(Factor("eos"));
        }
    }

    private static Dictionary<string, Tensor> Kept(string file)
    {
        var tensors = GoldenFile.Tensors(file);
        foreach (var tensor in tensors.Values) tensor.DetachFromDisposeScope();
        return tensors;
    }
}
