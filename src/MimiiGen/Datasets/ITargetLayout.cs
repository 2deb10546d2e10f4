namespace MimiiGen.Datasets;

/// <summary>A layout that recordings can be written in.</summary>
internal interface ITargetLayout
{
    /// <summary>Place of the next recording from the set's folder, with <c>/</c>; every call gives another one.</summary>
    string Place(ClipMetadata metadata, Split? split);

    /// <summary>The tables that belong to the recordings placed so far: path from the set's folder and text.</summary>
    IEnumerable<(string Path, string Text)> Tables();
}
