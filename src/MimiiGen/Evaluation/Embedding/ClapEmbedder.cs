using MimiiGen.Audio;
using MimiiGen.Checkpoints;
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
    private readonly Device device;
    private ByteLevelBpeTokenizer? tokenizer;

    private ClapEmbedder(ClapModel model, string folder, Device device, string weightsHash)
    {
        (this.model, this.folder, this.device) = (model, folder, device);
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
    /// <param name="device">Where to compute; the CPU where it is null.</param>
    /// <exception cref="BadInputException">The file is missing, doesn't fit the network, or is of a model with fusion.</exception>
    public static ClapEmbedder Load(string path, Device? device = null)
    {
        var weights = EmbeddingWeights.Find(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(weights.Path))!;
        var tensors = weights.Read();
        var published = LaionNames.Are(tensors.Keys) ? LaionNames.ToPublished(tensors) : tensors;
        try
        {
            var model = new ClapModel(ClapConfig.Of(published, weights.Path));
            ModelWeights.Fill(model, published, weights.Path, ignore: _ => true);
            model.eval();
            model.to(device ?? CPU);
            return new ClapEmbedder(model, folder, device ?? CPU, weights.Hash);
        }
        finally
        {
            foreach (var tensor in tensors.Values.Concat(published.Values)) tensor.Dispose();
        }
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
            return new ClipEmbedding(model.EmbedSounds(stack(windows, 0).unsqueeze(1).to(device)).cpu().DetachFromDisposeScope(), null);
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
        return model.EmbedCaptions(tensor(padded, device: device).view(ids.Length, longest)).cpu().MoveToOuterDisposeScope();
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
