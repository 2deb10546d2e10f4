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
    /// <summary>A request for a clip of that metadata, its caption written by the template.</summary>
    public static ClipRequest For(ClipMetadata metadata, ulong seed, double seconds = 10) => new(CaptionTemplate.Write(metadata), seed, seconds, metadata);
}
