using MimiiGen.Hub;
using MimiiGen.Runtime;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding;

/// <summary>An embedding model by the name that a user calls it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Shipped">The folder of its weights where they ship; null where they are fetched under its name.</param>
public sealed record EmbeddingModel(string Name, string? Shipped)
{
    /// <summary>The models to choose from; the first ships.</summary>
    public static IReadOnlyList<EmbeddingModel> All { get; } =
    [
        new("efficientat", "models/efficientat-mn04"),
        new("vggish", null),
        new("panns", null),
        new("panns-16k", null),
        new("clap", null),
        new("codec", "models/default"),
    ];

    /// <summary>Loads a model.</summary>
    /// <param name="name">One of <see cref="All"/>.</param>
    /// <param name="weights">A file, a folder, or the name of a model in the cache; null for the usual one.</param>
    /// <param name="cache">The cache of published models.</param>
    /// <param name="device">Where to compute; the CPU where it is null.</param>
    /// <exception cref="BadInputException">No such model, or its weights aren't there.</exception>
    public static IClipEmbedder Load(string name, string? weights, HubCache cache, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(cache);
        var model = All.FirstOrDefault(m => m.Name == name)
            ?? throw new BadInputException($"'{name}' is no embedding; there are {string.Join(", ", All.Select(m => m.Name))}");
        var path = weights is null ? model.Usual(cache) : File.Exists(weights) ? weights : cache.Resolve(weights);
        return name switch
        {
            "efficientat" => SoundEmbedder.Load(path, device),
            "vggish" => VggishEmbedder.Load(path, device),
            "panns" => Cnn14Embedder.Load(path, device: device),
            "panns-16k" => Cnn14Embedder.Load(path, 16000, device),
            "clap" => ClapEmbedder.Load(path, device),
            _ => CodecEmbedder.Load(path, device),
        };
    }

    private string Usual(HubCache cache) => Shipped is not null
        ? ShippedFiles.Folder(Shipped)
        : cache.Fetched(Name) ?? throw new BadInputException($"the weights of {Name} aren't there; fetch them with: mimiigen models pull {Name}; or name their file with --weights");
}
