using MimiiGen.Audio;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding;

/// <summary>PANNs Cnn14 at 32 or 16 kHz: one row of 2048 and 527 logits a clip.</summary>
public sealed class Cnn14Embedder : IClipEmbedder
{
    private const int FewestFrames = 32; // five halvings

    private readonly Cnn14 network = new();
    private readonly LogMel frontEnd;
    private readonly int hop;
    private readonly Device device;

    private Cnn14Embedder(LogMel frontEnd, string weightsHash, Device device)
    {
        (this.frontEnd, this.device) = (frontEnd, device);
        hop = frontEnd.SampleRate / 100;
        WeightsHash = weightsHash;
    }

    /// <inheritdoc/>
    public string Name => $"PANNs Cnn14, {SampleRate / 1000} kHz";

    /// <inheritdoc/>
    public string WeightsHash { get; }

    /// <inheritdoc/>
    public int SampleRate => frontEnd.SampleRate;

    /// <inheritdoc/>
    public int ShortestInput => (FewestFrames - 1) * hop;

    /// <summary>Loads published weights.</summary>
    /// <param name="path">The file <c>Cnn14_mAP=0.431.pth</c> or <c>Cnn14_16k_mAP=0.438.pth</c>, the same as safetensors, or a folder with it.</param>
    /// <param name="sampleRate">32000 or 16000: the rate that the weights were trained at.</param>
    /// <param name="device">Where to compute; the CPU where it is null.</param>
    /// <exception cref="BadInputException">The file is missing or doesn't fit the network.</exception>
    public static Cnn14Embedder Load(string path, int sampleRate = 32000, Device? device = null)
    {
        var low = sampleRate == 16000;
        var weights = EmbeddingWeights.Find(path, name => name.Contains("16k", StringComparison.Ordinal) == low);
        var embedder = new Cnn14Embedder(low ? LogMel.Panns16k() : LogMel.Panns(), weights.Hash, device ?? CPU);
        weights.Fill(embedder.network, Cnn14.IsFrontEnd);
        embedder.network.to(embedder.device);
        return embedder;
    }

    /// <summary>Embeds clips of one length at once, others one by one.</summary>
    /// <inheritdoc/>
    public IReadOnlyList<ClipEmbedding> Embed(IReadOnlyList<float[]> clips)
    {
        ArgumentNullException.ThrowIfNull(clips);
        if (clips.Any(c => c.Length != clips[0].Length)) return [.. clips.SelectMany(c => Embed([c]))];
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var input = stack(clips.Select(c => frontEnd.Compute(c)), 0).unsqueeze(1).to(device); // (clips, 1, frames, 64)
        var (logits, embeddings) = network.call(input); // (clips, 527), (clips, 2048)
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
