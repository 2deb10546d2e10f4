using System.Text.Json;
using MimiiGen.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>
/// A folder as T5 models are published in: <c>config.json</c>, <c>spiece.model</c> (none for ByT5), and the weights as <c>model.safetensors</c> or
/// as shards that <c>model.safetensors.index.json</c> lists.
/// </summary>
internal sealed class T5Folder(string path)
{
    private const string Shared = "shared.weight";
    private const string Head = "lm_head.weight";

    // old checkpoints hold a bias that no code has ever read
    private const string Surplus = "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight";

    private static readonly string[] Aliases = ["encoder.embed_tokens.weight", "decoder.embed_tokens.weight"];

    public T5Config Config() => T5Config.Read(Path.Combine(path, "config.json"));

    public ITokenizer Tokenizer(T5Config config) =>
        config.VocabSize == ByteTokenizer.VocabSize ? new ByteTokenizer() : SentencePieceTokenizer.Read(Path.Combine(path, "spiece.model"));

    /// <summary>All weights under their published names, the embedding as <c>shared.weight</c> alone.</summary>
    public Dictionary<string, Tensor> Weights()
    {
        var weights = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, weight) in Files().SelectMany(SafeTensors.Read))
            if (!weights.TryAdd(name, weight))
                throw new BadInputException($"{path}: '{name}' is in two shards; fetch the folder again");
        foreach (var alias in Aliases)
            if (weights.Remove(alias, out var embedding) && !weights.TryAdd(Shared, embedding))
                embedding.Dispose();
        if (weights.Remove(Surplus, out var surplus)) surplus.Dispose();
        return weights;
    }

    /// <summary>
    /// The config that fits the weights. New writers say "tied" of every model and leave it to the reader to see that the output matrix
    /// differs from the embedding; whether outputs are scaled is the config's to say all the same. A tied model's copy is dropped.
    /// </summary>
    public static T5Config Fit(T5Config config, Dictionary<string, Tensor> weights)
    {
        if (!config.TieWordEmbeddings || !weights.TryGetValue(Head, out var head)) return config;
        if (!weights.TryGetValue(Shared, out var embedding) || !embedding.equal(head).all().ToBoolean())
            return config with { TieWordEmbeddings = false, ScaleDecoderOutputs = config.ScalesDecoderOutputs };
        weights.Remove(Head);
        return config;
    }

    /// <summary>Copies weights into a module, all of them and no others.</summary>
    /// <exception cref="BadInputException">One is missing, too much, or of another shape.</exception>
    public void CopyInto(nn.Module model, Dictionary<string, Tensor> weights)
    {
        using var noGrad = no_grad();
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (!weights.Remove(name, out var weight)) throw new BadInputException($"{path}: the weights lack '{name}'; the folder is incomplete or its config.json belongs to another model");
            if (!weight.shape.SequenceEqual(parameter.shape))
                throw new BadInputException($"{path}: '{name}' is [{string.Join(", ", weight.shape)}], config.json means [{string.Join(", ", parameter.shape)}]; take both from one model");
            parameter.copy_(weight);
            weight.Dispose();
        }

        if (weights.Count > 0) throw new BadInputException($"{path}: '{weights.Keys.Min(StringComparer.Ordinal)}' is no weight of the model that config.json describes; take both from one model");
    }

    public void Write(nn.Module model, T5Config config)
    {
        using var scope = NewDisposeScope();
        config.Write(Path.Combine(path, "config.json"));
        SafeTensors.Write(Path.Combine(path, "model.safetensors"), model.state_dict(), new Dictionary<string, string>(StringComparer.Ordinal) { ["format"] = "pt" });
    }

    private IEnumerable<string> Files()
    {
        var index = Path.Combine(path, "model.safetensors.index.json");
        if (!File.Exists(index)) return [Path.Combine(path, "model.safetensors")];
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(index));
            return [.. json.RootElement.GetProperty("weight_map").EnumerateObject().Select(entry => Shard(entry.Value.GetString()!)).Distinct(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new BadInputException($"{index}: no index of shards (a weight_map of names to files); fetch it again", e);
        }
    }

    private string Shard(string? name) =>
        name is not null && name == Path.GetFileName(name)
            ? Path.Combine(path, name)
            : throw new BadInputException($"{path}: the index of shards names a file outside the folder: '{name}'");
}
