using System.Text.Json;
using System.Text.RegularExpressions;

namespace MimiiGen.Hub;

/// <summary>A published model as a hub describes it.</summary>
/// <param name="Name">Its name, such as google/flan-t5-base.</param>
/// <param name="Commit">The state that is described.</param>
/// <param name="Files">All its files.</param>
public sealed partial record HubRepository(string Name, string Commit, IReadOnlyList<HubFile> Files)
{
    /// <summary>The name of a model, checked: OWNER/NAME.</summary>
    /// <exception cref="BadInputException">It is none.</exception>
    internal static string CheckName(string name) =>
        IsName(name)
            ? name
            : throw new BadInputException($"'{name}' is no name of a model on a hub; give OWNER/NAME, such as google/flan-t5-base");

    internal static bool IsName(string name) =>
        NamePattern().IsMatch(name) && !name.Contains("..", StringComparison.Ordinal) && !name.Contains("--", StringComparison.Ordinal);

    /// <summary>A branch, tag or commit, checked.</summary>
    /// <exception cref="BadInputException">It is none.</exception>
    internal static string CheckRevision(string revision) =>
        RevisionPattern().IsMatch(revision) && !revision.Contains("..", StringComparison.Ordinal)
            ? revision
            : throw new BadInputException($"'{revision}' is no revision of a model; give a branch, tag or commit, such as main");

    /// <summary>Reads a hub's answer to <c>/api/models/NAME/revision/REVISION?blobs=true</c>. A hub isn't trusted with places on this disk: odd names are refused.</summary>
    /// <exception cref="BadInputException">The answer is none.</exception>
    internal static HubRepository Parse(string name, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var commit = root.GetProperty("sha").GetString()!;
            if (!CommitPattern().IsMatch(commit)) throw new BadInputException($"{name}: the hub names an odd commit '{commit}'");
            return new HubRepository(name, commit, [.. root.GetProperty("siblings").EnumerateArray().Select(File).OfType<HubFile>()]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new BadInputException($"{name}: the hub's description of it can't be read ({e.Message.ReplaceLineEndings(" ")}); is the address that of a Hugging Face hub?", e);
        }
    }

    /// <summary>Null for a file whose name or hash can't be trusted.</summary>
    private static HubFile? File(JsonElement sibling)
    {
        var name = sibling.GetProperty("rfilename").GetString() ?? "";
        var large = sibling.TryGetProperty("lfs", out var lfs) && lfs.ValueKind == JsonValueKind.Object;
        var hash = large ? lfs.GetProperty("sha256").GetString() : sibling.TryGetProperty("blobId", out var blob) ? blob.GetString() : null;
        var size = large ? lfs.GetProperty("size").GetInt64() : sibling.TryGetProperty("size", out var bytes) ? bytes.GetInt64() : -1;
        var isSafe = name.Split('/').All(part => part.Length > 0 && part is not ("." or "..") && part.AsSpan().IndexOfAny("\\:\0") < 0);
        return isSafe && size >= 0 && hash is not null && HashPattern().IsMatch(hash) ? new HubFile(name, size, hash) : null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9][\w.-]{0,95})?$")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^[A-Za-z0-9][\w./-]{0,254}$")]
    private static partial Regex RevisionPattern();

    [GeneratedRegex("^[0-9a-f]{40}$")]
    private static partial Regex CommitPattern();

    [GeneratedRegex("^(?:[0-9a-f]{40}|[0-9a-f]{64})$")]
    private static partial Regex HashPattern();
}
