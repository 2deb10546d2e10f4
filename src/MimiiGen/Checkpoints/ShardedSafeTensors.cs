using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Checkpoints;

/// <summary>Reads a checkpoint that is cut into several safetensors files, by its <c>model.safetensors.index.json</c>.</summary>
public static class ShardedSafeTensors
{
    /// <summary>All tensors that the index names, each from the file it names, as <see cref="SafeTensors.Read"/> gives them. The caller disposes them.</summary>
    /// <exception cref="BadInputException">No index, a file or tensor that is absent, a file outside the index's folder, or a shard that breaks the format.</exception>
    public static Dictionary<string, Tensor> Read(string indexPath)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var shard in ReadMap(indexPath).GroupBy(p => p.Value, p => p.Key, StringComparer.Ordinal))
        {
            using var shardScope = NewDisposeScope();
            var stored = SafeTensors.Read(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(indexPath))!, shard.Key));
            foreach (var name in shard)
            {
                if (!stored.TryGetValue(name, out var tensor))
                    throw new BadInputException($"{indexPath}: tensor '{name}' is not in {shard.Key}; fetch both again");
                tensors.Add(name, tensor.MoveToOuterDisposeScope());
            }
        }

        foreach (var tensor in tensors.Values) tensor.MoveToOuterDisposeScope();
        return tensors;
    }

    /// <summary>Name of each tensor -> name of its file.</summary>
    private static Dictionary<string, string> ReadMap(string path)
    {
        if (!File.Exists(path)) throw new BadInputException($"{path}: no such index of safetensors files");
        try
        {
            using var index = JsonDocument.Parse(File.ReadAllBytes(path));
            if (index.RootElement.ValueKind != JsonValueKind.Object
                || !index.RootElement.TryGetProperty("weight_map", out var map)
                || map.ValueKind != JsonValueKind.Object)
                throw new BadInputException($"{path} has no weight_map of tensors and files");
            var files = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var entry in map.EnumerateObject()) files[entry.Name] = FileOf(path, entry);
            return files;
        }
        catch (JsonException e)
        {
            throw new BadInputException($"{path} is no valid JSON: {e.Message}", e);
        }
    }

    private static string FileOf(string path, JsonProperty entry)
    {
        var file = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : "";
        return file.Length > 0 && file is not ("." or "..") && file.AsSpan().IndexOfAny("/\\:\0") < 0
            ? file
            : throw new BadInputException($"{path}: the file of tensor '{entry.Name}' is '{file}', which is no name of a file beside the index");
    }
}
