using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MimiiGen.Checkpoints;
using MimiiGen.Evaluation.Embedding;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Scoring;

/// <summary>
/// Embeddings on disk by the content of the file they were made from, so that a second run computes none. Several programs may use one folder
/// at a time; what can't be read is made anew. Whatever changes a number (model, weights, resampler, channel) leads to files of another name.
/// </summary>
public sealed class ClipCache
{
    private const string Version = "1";

    private readonly string home;

    /// <summary>The cache of one embedding model.</summary>
    /// <param name="folder">Folder of all caches; need not exist.</param>
    /// <param name="embedder">The model.</param>
    /// <param name="channel">The channel of the clips that is looked at.</param>
    public ClipCache(string folder, IClipEmbedder embedder, int channel)
    {
        ArgumentNullException.ThrowIfNull(embedder);
        var settings = $"{Version}|{embedder.Name}|{embedder.WeightsHash}|{ClipReader.Resampler}|{channel}";
        home = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(settings)))[..16]);
    }

    /// <summary>MIMIIGEN_CACHE, else XDG_CACHE_HOME/mimiigen, else ~/.cache/mimiigen.</summary>
    public static string DefaultFolder =>
        Variable("MIMIIGEN_CACHE") ?? Path.Combine(
            Variable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "mimiigen");

    /// <summary>What is known of a file; null where nothing is. The caller disposes it.</summary>
    /// <param name="hash">SHA-256 of the file.</param>
    public (ClipFacts Facts, ClipEmbedding Embedding)? Find(string hash)
    {
        var path = PathOf(hash);
        if (!File.Exists(path)) return null;
        try
        {
            var facts = JsonSerializer.Deserialize<ClipFacts>(SafeTensors.ReadMetadata(path)["facts"])!;
            using var scope = NewDisposeScope();
            var tensors = SafeTensors.Read(path);
            return (facts, new ClipEmbedding(
                tensors["rows"].DetachFromDisposeScope(), tensors.TryGetValue("logits", out var logits) ? logits.DetachFromDisposeScope() : null));
        }
        catch (Exception e) when (e is BadInputException or IOException or JsonException or KeyNotFoundException)
        {
            return null; // damaged: as if it weren't there
        }
    }

    /// <summary>Keeps what is known of a file.</summary>
    /// <exception cref="BadInputException">The folder can't be written to.</exception>
    public void Keep(string hash, ClipFacts facts, ClipEmbedding embedding)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["rows"] = embedding.Rows };
        if (embedding.Logits is not null) tensors["logits"] = embedding.Logits;
        try
        {
            SafeTensors.Write(PathOf(hash), tensors, new Dictionary<string, string>(StringComparer.Ordinal) { ["facts"] = JsonSerializer.Serialize(facts) });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{home}: the cache of embeddings can't be written ({e.Message}); name another folder with --cache or MIMIIGEN_CACHE", e);
        }
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private string PathOf(string hash) => Path.Combine(home, hash[..2], $"{hash}.safetensors");
}
