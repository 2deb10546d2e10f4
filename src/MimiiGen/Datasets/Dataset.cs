namespace MimiiGen.Datasets;

/// <summary>The clips of a folder, always in the same order: by file name (ordinal), then by channel.</summary>
/// <param name="Root">The folder.</param>
/// <param name="Layout">Name of the layout that was recognised, such as MIMII.</param>
/// <param name="Clips">One entry for each channel of each usable recording.</param>
/// <param name="LeftOut">Files that could not be used, each with its reason; the rest was read without them.</param>
public sealed record Dataset(string Root, string Layout, IReadOnlyList<DatasetClip> Clips, IReadOnlyList<LeftOutFile> LeftOut)
{
    /// <summary>Recordings that were read and of which the layout misses something, such as their row in a table of attributes.</summary>
    public IReadOnlyList<ClipProblem> Remarks { get; init; } = [];
}
