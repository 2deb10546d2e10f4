using System.Globalization;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding.Clap;

/// <summary>The sizes of a CLAP model, which its weights tell: HTSAT-tiny (96 wide, 2 + 2 + 6 + 2 blocks) or HTSAT-base (128, 2 + 2 + 12 + 2). The text tower is RoBERTa's base size always.</summary>
/// <param name="Width">Width of a patch, doubled from stage to stage.</param>
/// <param name="Depths">Blocks of each stage.</param>
/// <param name="Heads">Attention heads of each stage.</param>
public sealed record ClapConfig(int Width, IReadOnlyList<int> Depths, IReadOnlyList<int> Heads)
{
    /// <summary>Width of the common space of sounds and captions.</summary>
    public const int EmbeddingSize = 512;

    private const string Encoder = "audio_model.audio_encoder.";

    /// <summary><c>laion/clap-htsat-unfused</c>.</summary>
    public static ClapConfig Unfused { get; } = new(96, [2, 2, 6, 2], [4, 8, 16, 32]);

    /// <summary>Width after the last stage.</summary>
    public int LastWidth => Width << (Depths.Count - 1);

    /// <summary>Reads the sizes off published weights.</summary>
    /// <param name="weights">By the names that transformers publishes.</param>
    /// <param name="path">Their file, for messages.</param>
    /// <exception cref="BadInputException">They are of no CLAP model, or of one with fusion of long sounds.</exception>
    public static ClapConfig Of(IReadOnlyDictionary<string, Tensor> weights, string path)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Keys.Any(n => n.Contains("fusion_model.", StringComparison.Ordinal)))
            throw new BadInputException($"{path}: a CLAP model with fusion of long sounds isn't supported; take an unfused one, such as laion/clap-htsat-unfused or 630k-audioset-best.pt");
        if (!weights.TryGetValue(Encoder + "patch_embed.proj.weight", out var patches)) throw new BadInputException($"{path}: holds no weights of a CLAP model ({Encoder}patch_embed.proj.weight is missing)");
        var stages = new List<int>();
        while (Blocks(stages.Count) is var blocks and > 0) stages.Add(blocks);
        return new ClapConfig((int)patches.shape[0], stages, [.. stages.Select((_, i) => (int)weights[Table(i, 0)].shape[1])]);

        int Blocks(int stage)
        {
            var count = 0;
            while (weights.ContainsKey(Table(stage, count))) count++;
            return count;
        }

        static string Table(int stage, int block) => string.Create(CultureInfo.InvariantCulture, $"{Encoder}layers.{stage}.blocks.{block}.attention.self.relative_position_bias_table");
    }
}
