namespace MimiiGen.Hub;

/// <summary>A model in the cache.</summary>
/// <param name="Name">OWNER/NAME.</param>
/// <param name="Commit">Its state.</param>
/// <param name="Folder">Where its files lie, to be given wherever a model's folder is asked for.</param>
/// <param name="Files">Their names.</param>
/// <param name="FetchedBytes">How much was fetched for it; 0 where all was there.</param>
public sealed record PulledModel(string Name, string Commit, string Folder, IReadOnlyList<string> Files, long FetchedBytes);
