using MimiiGen.Evaluation.Embedding;

namespace MimiiGen.Evaluation.Scoring;

/// <summary>The real and the generated clips of a comparison, read, looked at and embedded. Disposing frees both.</summary>
/// <param name="Real">The real clips.</param>
/// <param name="Generated">The generated clips.</param>
/// <param name="Notes">What is odd about them, and what was done about it.</param>
public sealed record ComparedSets(ScoredSet Real, ScoredSet Generated, IReadOnlyList<string> Notes) : IDisposable
{
    /// <summary>Reads two folders.</summary>
    /// <param name="realFolder">Real clips, in this folder and those below it.</param>
    /// <param name="generatedFolder">Generated clips, likewise.</param>
    /// <param name="embedder">The embedding model.</param>
    /// <param name="options">Channel, cache, what to do with silence.</param>
    /// <param name="progress">Told of each clip.</param>
    /// <param name="stop">Stops.</param>
    /// <exception cref="BadInputException">A side is empty, or clips are silent, too short or unreadable.</exception>
    public static ComparedSets Read(
        string realFolder, string generatedFolder, IClipEmbedder embedder, ScoreOptions options, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ClipReader.Names(realFolder, "real");
        ClipReader.Names(generatedFolder, "generated"); // before the work on the real ones begins
        var reader = new ClipReader(embedder, options.CacheFolder, options.Channel);
        var real = reader.Read(realFolder, "real", progress, stop);
        ScoredSet? generated = null;
        try
        {
            generated = reader.Read(generatedFolder, "generated", progress, stop);
            return new ComparedSets(real, generated, ScoreNotes.Of(real, generated, options));
        }
        catch
        {
            real.Dispose();
            generated?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Real.Dispose();
        Generated.Dispose();
    }
}
