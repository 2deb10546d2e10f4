using MimiiGen.Captions;
using MimiiGen.Datasets;
using MimiiGen.Experiments.Latents;
using MimiiGen.Generation;

namespace MimiiGen.Experiments.Arms;

/// <summary>Where an arm's clips come from.</summary>
internal abstract record ClipSource;

/// <summary>Half of the real test clips, told from the other half.</summary>
internal sealed record RealHalves : ClipSource;

/// <summary>The real test clips through the codec at a bandwidth in kbit/s; null without quantisation.</summary>
internal sealed record CodecCopies(double? Bandwidth) : ClipSource;

/// <summary>The real test clips into latents that are not the codec's and back.</summary>
internal sealed record Copies(Representation Through) : ClipSource;

/// <summary>Clips of a generator.</summary>
internal sealed record Generated : ClipSource
{
    /// <summary>How it is trained; null for the model of the options as it is.</summary>
    public Recipe? Recipe { get; init; }

    /// <summary>How it is sampled.</summary>
    public SamplingSettings Sampling { get; init; } = new();

    /// <summary>What a request tells of a test clip.</summary>
    public Func<ClipMetadata, ClipMetadata> Told { get; init; } = metadata => metadata;

    /// <summary>The caption of that.</summary>
    public Func<ClipMetadata, string> Caption { get; init; } = CaptionTemplate.Write;

    /// <summary>What turns latents into sound where they are not the codec's; null for the codec.</summary>
    public Representation? Decoder { get; init; }

    /// <summary>Name of the training where arms that differ in what comes after it share it; null for the arm's own.</summary>
    public string? SharedRun { get; init; }

    /// <summary>Name of the folder of clips where arms that differ in their measures alone share them; null for the arm's own.</summary>
    public string? SharedClips { get; init; }

    /// <summary>Steps of the sampler times U-Net evaluations a step, where the model says so unless told: the cost of a clip.</summary>
    public int Evaluations(int usualSteps, double usualGuidance) => (Sampling.Steps ?? usualSteps) * ((Sampling.Guidance ?? usualGuidance) > 1 ? 2 : 1);
}
