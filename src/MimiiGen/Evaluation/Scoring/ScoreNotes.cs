namespace MimiiGen.Evaluation.Scoring;

/// <summary>What is odd about the clips of a comparison, said plainly with what was done about it.</summary>
internal static class ScoreNotes
{
    private const int Shown = 3;

    /// <exception cref="BadInputException">Clips are silent and that wasn't asked for.</exception>
    public static IReadOnlyList<string> Of(ScoredSet real, ScoredSet generated, ScoreOptions options)
    {
        ScoredSet[] sides = [real, generated];
        var notes = new List<string>();
        foreach (var side in sides)
        {
            var silent = side.Clips.Where(c => c.Facts.Silent).ToArray();
            if (silent.Length > 0 && !options.AllowSilent)
                throw new BadInputException(
                    $"{silent.Length} of {side.Clips.Count} {side.Side} clips are silent ({Names(silent)}); a score over silence says nothing: leave them out, or ask for it with --allow-silent");
            if (silent.Length > 0) notes.Add($"{silent.Length} of {side.Clips.Count} {side.Side} clips are silent and scored as they are: {Names(silent)}");
            var clipped = side.Clips.Where(c => c.Facts.Clipped > 0).ToArray();
            if (clipped.Length > 0) notes.Add($"{clipped.Length} of {side.Clips.Count} {side.Side} clips are cut at full scale and scored as they are: {Names(clipped)}");
            if (side.Clips.Any(c => c.Facts.Channels > 1)) notes.Add($"{side.Side} clips have several channels: channel {options.Channel} is scored");
            var twice = side.Clips.GroupBy(c => c.Hash, StringComparer.Ordinal).Where(g => g.Count() > 1).SelectMany(g => g).ToArray();
            if (twice.Length > 0) notes.Add($"{twice.Length} of {side.Clips.Count} {side.Side} clips are the same file under several names: {Names(twice)}");
        }

        Compare("sample rates", c => $"{c.Facts.SampleRate} Hz", "all are brought to the embedding's rate; bands that one side lacks move every number");
        Compare("lengths", c => $"{c.Facts.Seconds:0.##} s", "each clip is embedded as a whole");
        var known = real.Clips.Select(c => c.Hash).ToHashSet(StringComparer.Ordinal);
        var copies = generated.Clips.Where(c => known.Contains(c.Hash)).ToArray();
        if (copies.Length > 0) notes.Add($"{copies.Length} of {generated.Clips.Count} generated clips are real ones, byte for byte: {Names(copies)}");
        return notes;

        void Compare(string what, Func<ScoredClip, string> of, string done)
        {
            var values = sides.Select(s => s.Clips.Select(of).Distinct().Order(StringComparer.Ordinal).ToArray()).ToArray();
            if (values[0].Length == 1 && values[1].SequenceEqual(values[0])) return;
            notes.Add($"{what} differ: real {List(values[0])}, generated {List(values[1])}; {done}");
        }
    }

    private static string Names(ScoredClip[] clips) => List([.. clips.Select(c => c.Name)]);

    private static string List(string[] words) => string.Join(", ", words.Take(Shown)) + (words.Length > Shown ? ", ..." : "");
}
