using System.Text.Json;
using MimiiGen.Checkpoints;
using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>
/// The weights of a folder, in whichever form it has them: <c>model.safetensors</c> or <c>pytorch_model.bin</c>, whole, or in shards that an index
/// beside them lists. Safetensors come first: they are read tensor by tensor, and hold nothing but numbers.
/// </summary>
internal sealed class T5Weights
{
    private static readonly string[] Forms = ["model.safetensors", "pytorch_model.bin"];

    private readonly string folder;

    public T5Weights(string folder)
    {
        this.folder = folder;
        foreach (var form in Forms)
        {
            var whole = Path.Combine(folder, form);
            if (File.Exists(whole + ".index.json")) Files = Shards(whole + ".index.json");
            else if (File.Exists(whole)) Files = [whole];
            if (Files.Count > 0) return;
        }

        throw new BadInputException($"{folder}: no {string.Join(" and no ", Forms)}, nor an index of their shards; a model folder needs its weights");
    }

    /// <summary>Full paths of the files.</summary>
    public IReadOnlyList<string> Files { get; } = [];

    /// <summary>One wanted tensor after the other, under the name in the file; valid until the next.</summary>
    public IEnumerable<(string Name, Tensor Value)> ReadEach(Func<string, bool> wanted)
    {
        foreach (var file in Files)
        {
            var entries = file.EndsWith(".safetensors", StringComparison.Ordinal) ? SafeTensors.ReadEach(file, wanted) : Pickled(file, wanted);
            foreach (var (name, value) in entries)
                using (value)
                    yield return (name, value);
        }
    }

    private static IEnumerable<(string Name, Tensor Value)> Pickled(string file, Func<string, bool> wanted) =>
        PyTorchFile.Read(file, wanted).Select(entry => (entry.Key, entry.Value));

    private string[] Shards(string index)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(index));
            return [.. json.RootElement.GetProperty("weight_map").EnumerateObject().Select(entry => Shard(entry.Value.GetString())).Distinct(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new BadInputException($"{index}: no index of shards (a weight_map of names to files); fetch it again", e);
        }
    }

    private string Shard(string? name)
    {
        if (name is null || name != Path.GetFileName(name)) throw new BadInputException($"{folder}: the index of shards names a file outside the folder: '{name}'");
        var path = Path.Combine(folder, name);
        return File.Exists(path) ? path : throw new BadInputException($"{path}: no such shard of the weights; fetch the model again");
    }
}
