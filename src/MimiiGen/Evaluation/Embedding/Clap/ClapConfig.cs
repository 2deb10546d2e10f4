using System.Text.Json;

namespace MimiiGen.Evaluation.Embedding.Clap;

/// <summary>The sizes of a CLAP model; those of <c>laion/clap-htsat-unfused</c> unless its <c>config.json</c> says otherwise. The text tower is RoBERTa's base size always.</summary>
/// <param name="Width">Width of a patch, doubled from stage to stage.</param>
/// <param name="Depths">Blocks of each stage.</param>
/// <param name="Heads">Attention heads of each stage.</param>
public sealed record ClapConfig(int Width, IReadOnlyList<int> Depths, IReadOnlyList<int> Heads)
{
    /// <summary>Width of the common space of sounds and captions.</summary>
    public const int EmbeddingSize = 512;

    /// <summary><c>laion/clap-htsat-unfused</c>.</summary>
    public static ClapConfig Unfused { get; } = new(96, [2, 2, 6, 2], [4, 8, 16, 32]);

    /// <summary>Width after the last stage.</summary>
    public int LastWidth => Width << (Depths.Count - 1);

    /// <summary>Reads a published <c>config.json</c>.</summary>
    /// <param name="path">The file; where it doesn't exist, the sizes are those of <see cref="Unfused"/>.</param>
    /// <exception cref="BadInputException">It can't be read, or is of a kind that isn't supported.</exception>
    public static ClapConfig Read(string path)
    {
        if (!File.Exists(path)) return Unfused;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var audio = document.RootElement.GetProperty("audio_config");
            if (audio.TryGetProperty("enable_fusion", out var fusion) && fusion.GetBoolean())
                throw new BadInputException($"{path}: a CLAP model with fusion of long sounds isn't supported; take an unfused one, such as laion/clap-htsat-unfused");
            return new ClapConfig(
                audio.TryGetProperty("patch_embeds_hidden_size", out var width) ? width.GetInt32() : Unfused.Width,
                Numbers("depths") ?? Unfused.Depths,
                Numbers("num_attention_heads") ?? Unfused.Heads);

            int[]? Numbers(string name) => audio.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(v => v.GetInt32())] : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new BadInputException($"{path}: no config of a CLAP model ({e.Message.ReplaceLineEndings(" ")})", e);
        }
    }
}
