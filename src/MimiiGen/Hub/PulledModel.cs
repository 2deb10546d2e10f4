namespace MimiiGen.Hub;

/// <summary>A model in the cache.</summary>
/// <param name="Name">OWNER/NAME, or the name of a release; to be given wherever a model is asked for.</param>
/// <param name="Commit">Its state; of a release the SHA-256.</param>
/// <param name="Folder">Where its files lie.</param>
/// <param name="Files">Their names.</param>
/// <param name="FetchedBytes">How much was fetched for it; 0 where all was there.</param>
public sealed record PulledModel(string Name, string Commit, string Folder, IReadOnlyList<string> Files, long FetchedBytes);
