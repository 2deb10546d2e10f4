using System.Text.Json;
using MimiiGen.Checkpoints;
using MimiiGen.Codec;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Codec;

/// <summary>Codecs with weights by formula, and the inputs of their reference outputs.</summary>
internal static class FormulaCodec
{
    public const double EncoderTolerance = 2e-5;
    public const double DecoderTolerance = 1e-5;

    /// <summary>As the reference's JSON says: its config and the scales of its codebooks.</summary>
    public static EncodecModel Of(JsonElement golden) =>
        Of(EncodecConfig.Parse(golden.GetProperty("config").GetRawText()), i => golden.GetProperty("codebook_scale")[i].GetDouble());

    /// <summary>The published size; each codebook 4 % smaller than the one before.</summary>
    public static EncodecModel FullSize(EncodecConfig config) => Of(config, i => 2 * Math.Pow(0.96, i));

    public static EncodecModel Of(EncodecConfig config, Func<int, double> codebookScale)
    {
        var model = new EncodecModel(config);
        Formula.Fill(model);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        for (var i = 0; i < model.Quantizer.Count; i++)
        {
            var entries = model.Quantizer.Entries(i);
            entries.copy_((Formula.Tensor($"quantizer.layers.{i}.codebook.embed", entries.shape).to(ScalarType.Float64) * codebookScale(i)).to(ScalarType.Float32));
        }

        return model;
    }

    /// <summary>Gives a codec in a folder codebooks that hold something.</summary>
    public static void FillCodebooks(string folder, double scale)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = EncodecModel.Load(folder);
        for (var i = 0; i < model.Quantizer.Count; i++)
            model.Quantizer.Entries(i).copy_(Formula.Tensor($"quantizer.layers.{i}.codebook.embed", model.Quantizer.Entries(i).shape).mul(scale));
        ModelWeights.Save(model, Path.Combine(folder, "model.safetensors"));
    }

    /// <summary>A case by formula: (1, 1, samples).</summary>
    public static Tensor Input(string name, long samples) => 8 * Formula.Tensor($"input.{name}", samples).reshape(1, 1, -1);

    /// <summary>A case in stereo, quieter from its middle on: (1, 2, samples).</summary>
    public static Tensor Stereo(string name, long samples)
    {
        var input = stack([8 * Formula.Tensor($"input.{name}.ch0", samples), 2 * Formula.Tensor($"input.{name}.ch1", samples)]).unsqueeze(0);
        input[.., .., (int)(samples / 2)..] *= 0.25;
        return input;
    }

    /// <summary>The real recording of the reference, 64 times as loud, taken as if at 24 kHz: (1, 1, samples).</summary>
    public static Tensor Recording(int samples)
    {
        var clip = MimiiGen.Tests.Evaluation.Samples.Clip("0_dB_valve/valve/id_02/normal/00000000.wav");
        return 64 * tensor(clip.Channel(0).AsSpan(16000, samples).ToArray(), [1, 1, samples]);
    }

    /// <summary>Compares with the stored tensor of that name, or with its stored parts: every K-th of the last axis, every K-th channel, first and last N.</summary>
    /// <returns>How many stored tensors there were.</returns>
    public static int Compare(Dictionary<string, Tensor> golden, string name, Tensor actual, double tolerance)
    {
        var compared = 0;
        foreach (var (key, expected) in golden.Where(t => t.Key == name || t.Key.StartsWith(name + ".", StringComparison.Ordinal)))
        {
            if (Part(actual, key[name.Length..]) is not { } part) continue;
            GoldenFile.AssertClose(expected, part, tolerance, key);
            compared++;
        }

        return compared;
    }

    private static Tensor? Part(Tensor whole, string part)
    {
        var digits = string.Concat(part.SkipWhile(c => !char.IsDigit(c)).TakeWhile(char.IsDigit));
        var number = digits.Length == 0 ? 0 : int.Parse(digits);
        var rank = whole.shape.Length;
        return part switch
        {
            "" => whole,
            _ when part == $".every{number}channels" => whole[.., TensorIndex.Slice(null, null, number)],
            _ when part == $".every{number}" => whole.index([.. Enumerable.Repeat(TensorIndex.Colon, rank - 1), TensorIndex.Slice(null, null, number)]),
            _ when part == $".first{number}" => whole.narrow(rank - 1, 0, number),
            _ when part == $".last{number}" => whole.narrow(rank - 1, whole.shape[rank - 1] - number, number),
            _ => null,
        };
    }
}
