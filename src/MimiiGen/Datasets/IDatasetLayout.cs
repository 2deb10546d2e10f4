namespace MimiiGen.Datasets;

/// <summary>
/// How a published set, or a folder of a user's own, says what each file is. A new layout is one class that implements this and one
/// line in <see cref="DatasetReader"/>.
/// </summary>
internal interface IDatasetLayout
{
    /// <summary>Name for the command line, such as mimii.</summary>
    string Key { get; }

    /// <summary>Name for people, such as MIMII.</summary>
    string Name { get; }

    /// <summary>
    /// The recordings of this folder; those left out go to <paramref name="leftOut"/>. Null where the folder isn't in this layout.
    /// </summary>
    /// <param name="root">Full path of the folder.</param>
    /// <param name="waves">Names of all WAV files below it, from the root, with <c>/</c>, in order.</param>
    /// <param name="leftOut">Takes files that this layout can't place.</param>
    IReadOnlyList<LayoutFile>? Recognise(string root, IReadOnlyList<string> waves, ICollection<LeftOutFile> leftOut);
}
