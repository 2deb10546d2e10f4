namespace MimiiGen.Datasets;

/// <summary>What <see cref="DatasetWriter"/> wrote.</summary>
/// <param name="Folder">Where.</param>
/// <param name="Layout">mimii or dcase.</param>
/// <param name="Recordings">Number of WAV files.</param>
/// <param name="Tables">The tables beside them, from the folder, with <c>/</c>.</param>
public sealed record WrittenSet(string Folder, string Layout, int Recordings, IReadOnlyList<string> Tables);
