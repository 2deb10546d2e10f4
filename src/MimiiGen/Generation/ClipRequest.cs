using MimiiGen.Captions;
using MimiiGen.Datasets;

namespace MimiiGen.Generation;

/// <summary>One clip that is wanted.</summary>
/// <param name="Caption">What it should sound like.</param>
/// <param name="Seed">All chance in it follows from this number.</param>
/// <param name="Seconds">Its duration.</param>
/// <param name="Metadata">What the caption was written from; null for a caption of the user's own.</param>
/// <param name="Negative">What it should not sound like; null for none.</param>
public sealed record ClipRequest(string Caption, ulong Seed, double Seconds = 10, ClipMetadata? Metadata = null, string? Negative = null)
{
    private const double ShortestSeconds = 0.1;
    private const double LongestSeconds = 600;

    /// <summary>What it takes from a given recording; null for a clip from nothing.</summary>
    public ClipEdit? Edit { get; init; }

    /// <summary>A second condition that it goes towards; null for none.</summary>
    public ConditionBlend? Towards { get; init; }

    /// <summary>A request for a clip of that metadata, its caption written by the template.</summary>
    public static ClipRequest For(ClipMetadata metadata, ulong seed, double seconds = 10) => new(CaptionTemplate.Write(metadata), seed, seconds, metadata);

    /// <exception cref="BadInputException">It can't be met.</exception>
    internal void Check()
    {
        if (Seconds is not (>= ShortestSeconds and <= LongestSeconds)) throw new BadInputException($"a clip of {Seconds} seconds: give {ShortestSeconds} to {LongestSeconds}");
        Edit?.Check(Seconds);
        Towards?.Check();
    }
}
