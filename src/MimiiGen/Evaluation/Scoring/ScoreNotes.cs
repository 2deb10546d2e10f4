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
        var (fewest, most) = (sides.Min(s => s.Clips.Min(c => c.Embedding.Rows.shape[0])), sides.Max(s => s.Clips.Max(c => c.Embedding.Rows.shape[0])));
        Compare("lengths", c => $"{c.Facts.Seconds:0.##} s", most == 1 ? "each clip counts once" : $"a clip counts by its windows, {fewest} to {most} of them, in Fréchet and kernel distances, and once elsewhere");
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

    /// <summary>What is odd about pairs.</summary>
    public static IEnumerable<string> OfPairs(ClipPairs pairs, ScoredSet real, ScoredSet generated)
    {
        if (pairs.Unpaired is { } unpaired) yield return unpaired;
        var unequal = pairs.Pairs.Count(p => Form(real.Clips[p.Real]) != Form(generated.Clips[p.Generated]));
        if (unequal > 0) yield return $"{unequal} of {pairs.Pairs.Count} pairs differ in rate or length: the generated sound is brought to the real one's rate, and both are cut to the shorter";

        static (int Rate, long Frames) Form(ScoredClip clip) => (clip.Facts.SampleRate, clip.Facts.Frames);
    }

    private static string Names(ScoredClip[] clips) => List([.. clips.Select(c => c.Name)]);

    private static string List(string[] words) => string.Join(", ", words.Take(Shown)) + (words.Length > Shown ? ", ..." : "");
}
