using MimiiGen.Captions;
using MimiiGen.Datasets;
using MimiiGen.Experiments.Latents;
using MimiiGen.Training;

namespace MimiiGen.Experiments.Arms;

/// <summary>How an arm trains its generator.</summary>
internal sealed record Recipe
{
    /// <summary>The networks.</summary>
    public required GeneratorArchitecture Architecture { get; init; }

    /// <summary>What is known of a training clip, from the run's seed, the clip's number and its true metadata; null leaves the clip out.</summary>
    public Func<ulong, int, ClipMetadata, ClipMetadata?> Known { get; init; } = (_, _, metadata) => metadata;

    /// <summary>Its caption.</summary>
    public Func<ClipMetadata, string> Caption { get; init; } = CaptionTemplate.Write;

    /// <summary>What latents are learned where they are not the codec's.</summary>
    public Representation? Representation { get; init; }

    /// <summary>kbit/s of the codes whose sums are learned; null: the encoder's output before quantisation.</summary>
    public double? Bandwidth { get; init; }

    /// <summary>Whether it trains as long as the reference does, in seconds, instead of as many steps: a dearer network then takes fewer.</summary>
    public bool EqualTime { get; init; }

    /// <summary>Whether it learns from the second folder of recordings instead of the first.</summary>
    public bool FromOther { get; init; }

    /// <summary>Whether it goes on from a generator that was trained on the same clips without captions, once for all studies.</summary>
    public bool FromBase { get; init; }
}
