using System.Buffers.Binary;
using System.Text.Json;
using MimiiGen.Text;

namespace MimiiGen.Bench;

/// <summary>A safetensors file of a T5 model whose data are a hole in the file: the right sizes, no room on the disk.</summary>
internal static class SparseCheckpoint
{
    /// <summary>Writes it; gives its size in bytes.</summary>
    public static long Write(string path, T5Config config)
    {
        var offset = 0L;
        var header = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var (name, shape) in Shapes(config))
        {
            var end = offset + (4 * shape.Aggregate(1L, (a, b) => a * b));
            header[name] = new { dtype = "F32", shape, data_offsets = new[] { offset, end } };
            offset = end;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        using var file = File.Create(path);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        file.Write(length);
        file.Write(json);
        file.SetLength(8 + json.Length + offset);
        return file.Length;
    }

    private static IEnumerable<(string Name, long[] Shape)> Shapes(T5Config config)
    {
        long model = config.DModel, inner = config.InnerWidth;
        yield return ("shared.weight", [config.VocabSize, model]);
        yield return ("lm_head.weight", [config.VocabSize, model]);
        foreach (var (stack, blocks, layers) in new[] { ("encoder", config.NumLayers, new[] { "SelfAttention" }), ("decoder", config.DecoderLayers, ["SelfAttention", "EncDecAttention"]) })
        {
            yield return ($"{stack}.final_layer_norm.weight", [model]);
            for (var b = 0; b < blocks; b++)
            {
                var block = $"{stack}.block.{b}.layer";
                for (var i = 0; i < layers.Length; i++)
                {
                    foreach (var projection in "qkv") yield return ($"{block}.{i}.{layers[i]}.{projection}.weight", [inner, model]);
                    yield return ($"{block}.{i}.{layers[i]}.o.weight", [model, inner]);
                    yield return ($"{block}.{i}.layer_norm.weight", [model]);
                    if (b == 0 && i == 0) yield return ($"{block}.{i}.{layers[i]}.relative_attention_bias.weight", [config.RelativeAttentionNumBuckets, config.NumHeads]);
                }

                yield return ($"{block}.{layers.Length}.DenseReluDense.wi_0.weight", [config.DFf, model]);
                yield return ($"{block}.{layers.Length}.DenseReluDense.wi_1.weight", [config.DFf, model]);
                yield return ($"{block}.{layers.Length}.DenseReluDense.wo.weight", [model, config.DFf]);
                yield return ($"{block}.{layers.Length}.layer_norm.weight", [model]);
            }
        }
    }
}
