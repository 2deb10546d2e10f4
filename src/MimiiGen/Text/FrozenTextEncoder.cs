using MimiiGen.Checkpoints;
using MimiiGen.Hub;

namespace MimiiGen.Text;

/// <summary>
/// A published text encoder that a generator was trained on and that stays as it is: the generator's folder doesn't hold its weights, it
/// names them.
/// </summary>
/// <param name="Model">The folder it was trained with, or a name on a hub, such as google/flan-t5-base.</param>
/// <param name="Sha256">The SHA-256 of each file of weights, by the file's name.</param>
public sealed record FrozenTextEncoder(string Model, IReadOnlyDictionary<string, string> Sha256)
{
    /// <summary>Names the encoder of a folder.</summary>
    /// <param name="model">A folder, or the name of a model in the cache.</param>
    /// <param name="cache">The cache.</param>
    /// <exception cref="BadInputException">There is no such model, or it has no weights.</exception>
    public static FrozenTextEncoder Of(string model, HubCache cache)
    {
        ArgumentNullException.ThrowIfNull(cache);
        var folder = cache.Resolve(model);
        return new FrozenTextEncoder(Directory.Exists(model) ? folder : model, Hashes(folder));
    }

    /// <summary>Loads it, from where it was or from the cache.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="maxTokens">Longest caption in tokens.</param>
    /// <param name="warn">Told of captions that are cut.</param>
    /// <exception cref="BadInputException">It is gone, damaged, or another one.</exception>
    public TextEncoder Load(HubCache cache, int maxTokens, Action<string>? warn = null)
    {
        ArgumentNullException.ThrowIfNull(cache);
        var folder = cache.Resolve(Model);
        var there = Hashes(folder);
        foreach (var (file, hash) in Sha256)
            if (there.GetValueOrDefault(file) != hash)
                throw new BadInputException($"{folder}: {file} is not the one that the generator was trained with (SHA-256 {hash[..12]}…); fetch it with: mimiigen models pull");
        return TextEncoder.FromPretrained(folder, maxTokens, warn);
    }

    private static Dictionary<string, string> Hashes(string folder) =>
        new T5Weights(folder).Files.ToDictionary(path => Path.GetFileName(path), FileHash.Sha256, StringComparer.Ordinal);
}
