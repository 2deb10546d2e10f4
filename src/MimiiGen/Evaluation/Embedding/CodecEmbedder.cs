using MimiiGen.Checkpoints;
using MimiiGen.Codec;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding;

/// <summary>
/// The codec's own encoder: a row of its latents' width for every whole second of a clip, their mean over that second. It sees what the generator is
/// trained to make, and nothing of what the codec loses.
/// </summary>
public sealed class CodecEmbedder : IClipEmbedder
{
    private readonly NamedCodec codec;
    private readonly Device device;

    private CodecEmbedder(NamedCodec codec, Device device, string weightsHash)
    {
        (this.codec, this.device) = (codec, device);
        WeightsHash = weightsHash;
    }

    /// <inheritdoc/>
    public string Name => $"codec {codec.Name}, means of a second, {SampleRate / 1000} kHz";

    /// <inheritdoc/>
    public string WeightsHash { get; }

    /// <inheritdoc/>
    public int SampleRate => codec.Model.Config.SamplingRate;

    /// <inheritdoc/>
    public int ShortestInput => SampleRate;

    /// <summary>Loads a codec.</summary>
    /// <param name="path">As for <see cref="NamedCodec.Load"/>.</param>
    /// <param name="device">Where to compute; the CPU where it is null.</param>
    /// <exception cref="BadInputException">There is no codec, or it takes more than one channel.</exception>
    public static CodecEmbedder Load(string path, Device? device = null)
    {
        var codec = NamedCodec.Load(path, device);
        if (codec.Model.Config.AudioChannels == 1) return new CodecEmbedder(codec, device ?? CPU, FileHash.Sha256(File.Exists(codec.Path) ? codec.Path : CodecWeights.Find(codec.Path)));
        codec.Dispose();
        throw new BadInputException($"{path}: this codec takes {codec.Model.Config.AudioChannels} channels, clips are embedded one channel at a time; take the one at 24 kHz");
    }

    /// <inheritdoc/>
    public IReadOnlyList<ClipEmbedding> Embed(IReadOnlyList<float[]> clips)
    {
        ArgumentNullException.ThrowIfNull(clips);
        return [.. clips.Select(One)];
    }

    private ClipEmbedding One(float[] clip)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var seconds = clip.Length / SampleRate;
        var latents = codec.Model.Encode(tensor(clip[..(seconds * SampleRate)], device: device).reshape(1, 1, -1)); // (1, width, frames)
        var means = nn.functional.adaptive_avg_pool1d(latents, seconds); // (1, width, seconds)
        return new ClipEmbedding(means[0].t().contiguous().cpu().MoveToOuterDisposeScope(), null);
    }

    /// <inheritdoc/>
    public void Dispose() => codec.Dispose();
}
