using MimiiGen.Audio;
using MimiiGen.Evaluation.Embedding.Clap;
using MimiiGen.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding;

/// <summary>
/// CLAP at 48 kHz: a row of 512 for every whole 10 s of a clip. A shorter clip is repeated as often as it fits whole and filled with silence,
/// as laion_clap does; of a longer one laion_clap takes 10 s at random, here all of it counts but a rest below 10 s.
/// </summary>
public sealed class ClapEmbedder : IClipEmbedder, ICaptionEmbedder
{
    private const int Window = 480_000; // samples: 10 s

    private readonly ClapModel model;
    private readonly LogMel frontEnd = LogMel.Clap();
    private readonly string folder;
    private ByteLevelBpeTokenizer? tokenizer;

    private ClapEmbedder(ClapModel model, string folder, string weightsHash)
    {
        this.model = model;
        this.folder = folder;
        WeightsHash = weightsHash;
    }

    /// <inheritdoc/>
    public string Name => "CLAP, 48 kHz";

    /// <inheritdoc/>
    public string WeightsHash { get; }

    /// <inheritdoc/>
    public int SampleRate => frontEnd.SampleRate;

    /// <inheritdoc/>
    public int ShortestInput => SampleRate / 10;

    /// <summary>Loads published weights.</summary>
    /// <param name="path">A folder as transformers publishes it, or a checkpoint of laion_clap (<c>.pt</c>); captions need <c>vocab.json</c> and <c>merges.txt</c> beside it.</param>
    /// <exception cref="BadInputException">The file is missing or doesn't fit the network.</exception>
    public static ClapEmbedder Load(string path)
    {
        var weights = EmbeddingWeights.Find(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(weights.Path))!;
        var model = new ClapModel(ClapConfig.Read(Path.Combine(folder, "config.json")));
        weights.Fill(model, _ => true, tensors => LaionNames.Are(tensors.Keys) ? LaionNames.ToPublished(tensors) : tensors);
        return new ClapEmbedder(model, folder, weights.Hash);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ClipEmbedding> Embed(IReadOnlyList<float[]> clips)
    {
        ArgumentNullException.ThrowIfNull(clips);
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        return [.. clips.Select(clip =>
        {
            using var step = NewDisposeScope();
            var windows = Windows(clip).Select(w => frontEnd.Compute(w)).ToArray(); // each (1001, 64)
            return new ClipEmbedding(model.EmbedSounds(stack(windows, 0).unsqueeze(1)).DetachFromDisposeScope(), null);
        })];
    }

    /// <inheritdoc/>
    public Tensor EmbedCaptions(IReadOnlyList<string> captions)
    {
        ArgumentNullException.ThrowIfNull(captions);
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        tokenizer ??= ByteLevelBpeTokenizer.Read(folder);
        long[][] ids = [.. captions.Select(c => tokenizer.Encode(c, RobertaEncoder.MaxTokens))];
        var longest = ids.Max(i => i.Length);
        long[] padded = [.. ids.SelectMany(i => i.Concat(Enumerable.Repeat(RobertaEncoder.Pad, longest - i.Length)))];
        return model.EmbedCaptions(tensor(padded).view(ids.Length, longest)).MoveToOuterDisposeScope();
    }

    /// <summary>Pieces of exactly 10 s.</summary>
    internal static IEnumerable<float[]> Windows(float[] clip)
    {
        if (clip.Length >= Window) return Enumerable.Range(0, clip.Length / Window).Select(w => clip[(w * Window)..((w + 1) * Window)]);
        var window = new float[Window];
        for (var copy = 0; copy < Window / clip.Length; copy++) clip.CopyTo(window, copy * clip.Length);
        return [window];
    }

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();
}
