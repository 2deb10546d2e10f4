using MimiiGen.Audio;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding;

/// <summary>VGGish at 16 kHz: a row of 128 for every whole 0.96 s of a clip, before the last ReLU and without PCA, as fadtk, kadtk and frechet_audio_distance take it.</summary>
public sealed class VggishEmbedder : IClipEmbedder
{
    private readonly Vggish network = new();
    private readonly LogMel frontEnd = LogMel.Vggish();

    private readonly Device device;

    private VggishEmbedder(string weightsHash, Device device) => (WeightsHash, this.device) = (weightsHash, device);

    /// <inheritdoc/>
    public string Name => "VGGish, 16 kHz";

    /// <inheritdoc/>
    public string WeightsHash { get; }

    /// <inheritdoc/>
    public int SampleRate => frontEnd.SampleRate;

    /// <inheritdoc/>
    public int ShortestInput => frontEnd.ShortestInput + ((Vggish.PatchFrames - 1) * 160);

    /// <summary>Loads published weights.</summary>
    /// <param name="path">The file <c>vggish-10086976.pth</c>, the same as safetensors, or a folder with either.</param>
    /// <param name="device">Where to compute; the CPU where it is null.</param>
    /// <exception cref="BadInputException">The file is missing or doesn't fit the network.</exception>
    public static VggishEmbedder Load(string path, Device? device = null)
    {
        var weights = EmbeddingWeights.Find(path, name => !name.Contains("pca", StringComparison.OrdinalIgnoreCase));
        var embedder = new VggishEmbedder(weights.Hash, device ?? CPU);
        weights.Fill(embedder.network);
        embedder.network.to(embedder.device);
        return embedder;
    }

    /// <inheritdoc/>
    public IReadOnlyList<ClipEmbedding> Embed(IReadOnlyList<float[]> clips)
    {
        ArgumentNullException.ThrowIfNull(clips);
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        Tensor[] patches = [.. clips.Select(c => Patches(frontEnd.Compute(c)))]; // each (patches, 96, 64)
        var rows = network.call(cat(patches, 0).unsqueeze(1).to(device)); // (patches of all clips, 128)
        return [.. rows.split([.. patches.Select(p => p.shape[0])]).Select(r => new ClipEmbedding(r.to(CPU, copy: true).MoveToOuterDisposeScope(), null))];
    }

    /// <summary>Whole patches one after the other; what is left at the end is dropped.</summary>
    internal static Tensor Patches(Tensor logMel) // (frames, 64)
    {
        var count = logMel.shape[0] / Vggish.PatchFrames;
        return logMel[..(int)(count * Vggish.PatchFrames)].reshape(count, Vggish.PatchFrames, logMel.shape[1]);
    }

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();
}
