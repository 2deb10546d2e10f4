namespace MimiiGen.Evaluation.Scoring;

/// <summary>How much louder the generated clips are, as a whole and in each octave band: differences of mean levels, intervals by bootstrap over clips.</summary>
internal static class LevelScores
{
    private const int Few = 5; // clips

    public static void Add(ScoredSet real, ScoredSet generated, ScoreOptions options, ScoreSheet sheet)
    {
        var clips = Math.Min(real.Clips.Count, generated.Clips.Count);
        var verdict = clips < Few ? $"too few clips ({clips}): levels differ from clip to clip" : null;
        One("level (dB)", c => c.Facts.Levels.RmsDb);
        var bands = real.Clips.Concat(generated.Clips).Select(c => c.Facts.Levels.OctaveBandsDb.Keys).Aggregate((IEnumerable<int> a, IEnumerable<int> b) => a.Intersect(b));
        foreach (var band in bands.Order()) One($"octave band {band} Hz (dB)", c => c.Facts.Levels.OctaveBandsDb[band]);

        void One(string metric, Func<ScoredClip, double> level)
        {
            double[] first = [.. real.Clips.Select(level)], second = [.. generated.Clips.Select(level)];
            var difference = Bootstrap.Of([first, second], drawn => drawn[1].Average() - drawn[0].Average(), options.Seed);
            sheet.OfSound(metric, difference.Estimate, [difference.Low, difference.High], "0", verdict: verdict);
        }
    }
}
