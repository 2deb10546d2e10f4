using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding.Clap;

/// <summary>The tensor names of laion_clap's own checkpoints (<c>630k-audioset-best.pt</c>), brought to those of transformers.</summary>
internal static class LaionNames
{
    private static readonly (string Laion, string Published)[] Parts =
    [
        ("audio_branch.", "audio_model.audio_encoder."),
        ("text_branch.", "text_model."),
        ("audio_projection.0.", "audio_projection.linear1."),
        ("audio_projection.2.", "audio_projection.linear2."),
        ("text_projection.0.", "text_projection.linear1."),
        ("text_projection.2.", "text_projection.linear2."),
        (".attn.proj.", ".attention.output.dense."),
        (".attn.relative_position", ".attention.self.relative_position"),
        (".norm1.", ".layernorm_before."),
        (".norm2.", ".layernorm_after."),
        (".mlp.fc1.", ".intermediate.dense."),
        (".mlp.fc2.", ".output.dense."),
        (".bn0.", ".batch_norm."),
    ];

    /// <summary>Whether names are laion_clap's.</summary>
    public static bool Are(IEnumerable<string> names) => names.Any(n => n.Contains("audio_branch.", StringComparison.Ordinal));

    /// <summary>The tensors under the other names; query, key and value, which lie in one, come apart.</summary>
    public static Dictionary<string, Tensor> ToPublished(Dictionary<string, Tensor> tensors)
    {
        var published = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (laion, value) in tensors)
        {
            var name = laion.StartsWith("module.", StringComparison.Ordinal) ? laion["module.".Length..] : laion;
            foreach (var (from, to) in Parts) name = name.Replace(from, to, StringComparison.Ordinal);
            if (!name.Contains(".attn.qkv.", StringComparison.Ordinal))
            {
                published[name] = value;
                continue;
            }

            var third = value.chunk(3, 0);
            string[] ways = ["query", "key", "value"];
            for (var i = 0; i < ways.Length; i++) published[name.Replace(".attn.qkv.", $".attention.self.{ways[i]}.", StringComparison.Ordinal)] = third[i];
        }

        return published;
    }
}
