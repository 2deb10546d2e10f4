namespace MimiiGen.Datasets;

/// <summary>One channel of one recording. A recording of eight channels is eight clips.</summary>
/// <param name="Path">Where the file lies.</param>
/// <param name="FileName">Its path from the dataset's root, with <c>/</c>.</param>
/// <param name="Channel">Which channel of the file, from 0.</param>
/// <param name="Metadata">What is known of it.</param>
/// <param name="Split">What it may be used for; null where the dataset doesn't say.</param>
public sealed record DatasetClip(string Path, string FileName, int Channel, ClipMetadata Metadata, Split? Split)
{
    /// <summary>False where nothing says whether the machine is healthy: such a clip can be scored, and tells nothing of a detector.</summary>
    public bool IsLabelled { get; init; } = true;
}
