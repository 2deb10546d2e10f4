namespace MimiiGen.Datasets;

/// <summary>One recording as a layout found it, before its channels are told apart.</summary>
/// <param name="FileName">Its path from the dataset's root, with <c>/</c>.</param>
/// <param name="Metadata">What its place and name, or a table, say of it.</param>
/// <param name="Split">What it may be used for; null where the layout doesn't say.</param>
internal sealed record LayoutFile(string FileName, ClipMetadata Metadata, Split? Split = null)
{
    /// <summary>False where nothing says whether the machine is healthy, as in a challenge's evaluation set without its ground truth.</summary>
    public bool IsLabelled { get; init; } = true;

    /// <summary>What the layout misses of this file, to be read after its name; null for nothing.</summary>
    public string? Missing { get; init; }
}
