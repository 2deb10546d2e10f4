using MimiiGen.Audio;
using MimiiGen.Checkpoints;
using MimiiGen.Evaluation.Embedding;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>
/// Turns clips of any rate into embeddings and AudioSet logits with EfficientAT mn04. Clips are brought to 32 kHz by
/// <see cref="KaiserResampler.KaiserBest"/>, for a metric moves with its resampler.
/// </summary>
public sealed class SoundEmbedder : IClipEmbedder
{
    /// <summary>The name that belongs beside every number made with it.</summary>
    public const string Name = "EfficientAT mn04_as, 32 kHz";

    private const int Batch = 8;

    private readonly EfficientAt network;
    private readonly LogMel frontEnd = LogMel.EfficientAt();
    private readonly Device device;

    private SoundEmbedder(EfficientAt network, Device device, string weightsHash)
    {
        (this.network, this.device) = (network, device);
        WeightsHash = weightsHash;
    }

    /// <summary>SHA-256 of the weights file, in lower-case hexadecimal.</summary>
    public string WeightsHash { get; }

    /// <inheritdoc/>
    public int SampleRate => frontEnd.SampleRate;

    /// <inheritdoc/>
    public int ShortestInput => frontEnd.ShortestInput;

    /// <inheritdoc/>
    string IClipEmbedder.Name => Name;

    /// <summary>Loads <c>mn04_as.safetensors</c> from a model folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="device">Where to compute; the CPU where it is null.</param>
    /// <exception cref="BadInputException">The file is missing or doesn't fit the network.</exception>
    public static SoundEmbedder Load(string folder, Device? device = null)
    {
        var path = Path.Combine(folder, "mn04_as.safetensors");
        var network = new EfficientAt();
        ModelWeights.Load(network, path);
        network.eval();
        network.to(device ?? CPU);
        return new SoundEmbedder(network, device ?? CPU, FileHash.Sha256(path));
    }

    /// <summary>Embeds the first channel of every clip, each as a whole.</summary>
    /// <exception cref="BadInputException">There are no clips, or one is too short or holds NaN.</exception>
    public ClipEmbeddings Embed(IReadOnlyList<Waveform> clips, IProgress<WorkProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(clips);
        if (clips.Count == 0) throw new BadInputException("there are no clips to embed");
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var embeddings = empty(clips.Count, network.EmbeddingSize);
        var logits = empty(clips.Count, EfficientAt.Classes);
        for (var first = 0; first < clips.Count;)
        {
            cancel.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            var pictures = new List<Tensor> { Picture(first) };
            while (pictures.Count < Batch && first + pictures.Count < clips.Count)
            {
                var next = Picture(first + pictures.Count);
                if (next.shape[1] != pictures[0].shape[1]) break; // another length: a batch of its own
                pictures.Add(next);
            }

            var input = stack(pictures, 0).unsqueeze(1).to(device); // (batch, 1, mels, frames)
            var (batchLogits, batchEmbeddings) = network.call(input);
            embeddings.narrow(0, first, pictures.Count).copy_(batchEmbeddings);
            logits.narrow(0, first, pictures.Count).copy_(batchLogits);
            first += pictures.Count;
            progress?.Report(new WorkProgress("embedding clips", first, clips.Count));
        }

        return new ClipEmbeddings(embeddings.MoveToOuterDisposeScope(), logits.MoveToOuterDisposeScope());

        Tensor Picture(int index)
        {
            var clip = clips[index];
            var samples = KaiserResampler.KaiserBest.Resample(clip.Channel(0), clip.SampleRate, frontEnd.SampleRate);
            var check = WaveformCheck.Of(samples, frontEnd.ShortestInput);
            if (check.TooShort || check.NotFinite > 0) check.Require($"clip {index + 1} of {clips.Count}, at {frontEnd.SampleRate} Hz,");
            return frontEnd.Compute(samples).T; // (mels, frames)
        }
    }

    /// <summary>Embeds clips of one length at once, others one by one.</summary>
    /// <inheritdoc/>
    public IReadOnlyList<ClipEmbedding> Embed(IReadOnlyList<float[]> clips)
    {
        ArgumentNullException.ThrowIfNull(clips);
        if (clips.Any(c => c.Length != clips[0].Length)) return [.. clips.SelectMany(c => Embed([c]))];
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var input = stack(clips.Select(c => frontEnd.Compute(c).T), 0).unsqueeze(1).to(device); // (clips, 1, mels, frames)
        var (logits, embeddings) = network.call(input); // (clips, 527), (clips, 384)
        return
        [
            .. Enumerable.Range(0, clips.Count).Select(i => new ClipEmbedding(
                embeddings[i].unsqueeze(0).to(CPU, copy: true).MoveToOuterDisposeScope(),
                logits[i].to(CPU, copy: true).MoveToOuterDisposeScope())),
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();
}
