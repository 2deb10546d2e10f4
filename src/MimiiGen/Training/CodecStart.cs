using MimiiGen.Codec;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>What a codec's training begins from: a lapped transform, random weights, or a codec that is there already.</summary>
public sealed class CodecStart
{
    private const int ExcerptSeconds = 1;

    private readonly Func<CodecClips, ulong, EncodecModel> build;

    private CodecStart(string name, EncodecConfig config, bool hasCodebooks, Func<CodecClips, ulong, EncodecModel> build)
    {
        (Name, Config, HasCodebooks, this.build) = (name, config, hasCodebooks, build);
        if (config.AudioChannels != 1 || config.Normalize)
            throw new BadInputException($"{name}: codecs are trained with one channel that is not normalised (audio_channels 1, normalize false in config.json)");
    }

    /// <summary>In a word, or the folder; a run that is resumed must have begun from the same.</summary>
    public string Name { get; }

    /// <summary>Of the codec.</summary>
    public EncodecConfig Config { get; }

    /// <summary>Whether its codebooks are of use; if not, they are fitted to the encoder's latents.</summary>
    internal bool HasCodebooks { get; }

    /// <summary>A lapped transform: good before any training.</summary>
    /// <exception cref="BadInputException">The configuration can't be trained.</exception>
    public static CodecStart Lapped(EncodecConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new("lapped", config, hasCodebooks: false, (clips, seed) =>
        {
            var model = new EncodecModel(config with { NoiseAbove = LappedStart.NoiseAbove(config, clips.Highest) });
            LappedStart.Apply(model, seed, clips.Highest);
            using var scope = NewDisposeScope();
            LappedStart.Whiten(model, stack(clips.Excerpts(ExcerptSeconds * config.SamplingRate)));
            return model;
        });
    }

    /// <summary>Random weights.</summary>
    /// <exception cref="BadInputException">The configuration can't be trained.</exception>
    public static CodecStart Nothing(EncodecConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new("nothing", config, hasCodebooks: false, (_, seed) =>
        {
            manual_seed((long)(seed & long.MaxValue)).Dispose();
            return new EncodecModel(config);
        });
    }

    /// <summary>
    /// The codec of a folder, a published one or one of an earlier run: <c>config.json</c>, <c>model.safetensors</c>. What comes of a published one learned clips
    /// of one level (<see cref="EncodecConfig.InputRms"/>) and says so; it no longer bears the published name in files.
    /// </summary>
    /// <exception cref="BadInputException">There is none, or it can't be trained.</exception>
    public static CodecStart From(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var published = EncodecConfig.Load(Path.Combine(folder, "config.json"));
        var config = published with { InputRms = published.InputRms ?? TrainingClips.ReferenceRms };
        return new(folder, config, hasCodebooks: true, (_, _) =>
        {
            var model = new EncodecModel(config);
            CodecWeights.Load(model, CodecWeights.Find(folder));
            return model;
        });
    }

    internal EncodecModel Build(CodecClips clips, ulong seed) => build(clips, seed);
}
