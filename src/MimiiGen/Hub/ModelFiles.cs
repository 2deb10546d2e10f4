namespace MimiiGen.Hub;

/// <summary>Which of a model's files are needed: the weights in one form, safetensors before pickles, and the small files beside them.</summary>
internal static class ModelFiles
{
    private static readonly string[] Pickles = [".bin", ".pt", ".pth", ".th", ".ckpt"];
    private static readonly string[] Beside = [".json", ".model", ".txt", ".md"];

    /// <summary>The files to fetch.</summary>
    /// <param name="repository">All that there are.</param>
    /// <param name="names">Those asked for by name; where there are none, the choice is made here.</param>
    /// <exception cref="BadInputException">A name is not there, or there are no weights.</exception>
    public static IReadOnlyList<HubFile> Choose(HubRepository repository, IReadOnlyList<string> names)
    {
        if (names.Count > 0)
            return [.. names.Select(name => repository.Files.FirstOrDefault(f => f.Name == name) ?? throw Refuse(repository, $"no file '{name}'"))];
        var root = repository.Files.Where(f => !f.Name.Contains('/', StringComparison.Ordinal)).ToArray();
        HubFile[] safe = [.. root.Where(f => f.Name.EndsWith(".safetensors", StringComparison.Ordinal))];
        HubFile[] weights = safe.Length > 0 ? safe : [.. root.Where(f => f.Name != "training_args.bin" && Pickles.Contains(Path.GetExtension(f.Name)))];
        if (weights.Length == 0) throw Refuse(repository, "no weights (*.safetensors or *.bin)");
        return [.. weights, .. root.Where(f => IsBeside(f.Name, weights))];
    }

    /// <summary>Configs, tokenizers, the licence; of the indexes of shards only that of the chosen weights.</summary>
    private static bool IsBeside(string name, HubFile[] weights) =>
        name.EndsWith(".index.json", StringComparison.Ordinal)
            ? name.EndsWith(Path.GetExtension(weights[0].Name) + ".index.json", StringComparison.Ordinal)
            : Beside.Contains(Path.GetExtension(name)) || name.StartsWith("LICENSE", StringComparison.Ordinal);

    private static BadInputException Refuse(HubRepository repository, string what) =>
        new($"{repository.Name}: the hub has {what}, only {string.Join(", ", repository.Files.Select(f => f.Name).Take(12))}; name the ones you want with --file");
}
