using MimiiGen.Evaluation.Embedding;

namespace MimiiGen.Evaluation.Scoring;

/// <summary>Scores generated clips against real ones: every distance there is, each with its interval, its settings and what to think of it.</summary>
/// <param name="embedder">The embedding model.</param>
/// <param name="options">Draws, pairs, cache.</param>
public sealed class SetComparison(IClipEmbedder embedder, ScoreOptions options)
{
    /// <summary>Compares the WAV files of two folders.</summary>
    /// <param name="realFolder">Real clips, in this folder and those below it.</param>
    /// <param name="generatedFolder">Generated clips, likewise.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="stop">Stops.</param>
    /// <exception cref="BadInputException">A side is empty, clips are silent, too short or unreadable, or pairs don't fit.</exception>
    public ScoreResult Run(string realFolder, string generatedFolder, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        var captions = embedder as ICaptionEmbedder;
        if (options.Captions is not null && captions is null) throw new BadInputException($"{embedder.Name} embeds no captions; take the embedding clap");
        using var sets = ComparedSets.Read(realFolder, generatedFolder, embedder, options, progress, stop);
        var (real, generated) = (sets.Real, sets.Generated);
        var notes = sets.Notes.ToList();
        var pairs = options.Pairs is null ? null : ClipPairs.Of(options.Pairs, [.. real.Clips.Select(c => c.Name)], [.. generated.Clips.Select(c => c.Name)]);
        if (pairs is not null) notes.AddRange(ScoreNotes.OfPairs(pairs, real, generated));
        var sheet = new ScoreSheet(real, generated, embedder);
        var bootstrap = new ClipBootstrap(real.Clips.Count, generated.Clips.Count, options, progress, stop);
        new SetScores(real, generated, bootstrap, options, sheet).AddAll();
        if (pairs is not null) new PairScores(real, generated, pairs, options, sheet).AddAll(progress, stop);
        if (options.Captions is not null) CaptionScores.Add(generated, captions!, options, sheet);
        LevelScores.Add(real, generated, options, sheet);
        return new ScoreResult(
            new ScoreSide(realFolder, real.Clips.Count, real.Seconds),
            new ScoreSide(generatedFolder, generated.Clips.Count, generated.Seconds),
            notes,
            sheet.Scores,
            options.Resamples,
            options.Seed);
    }
}
