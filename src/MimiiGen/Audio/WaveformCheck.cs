namespace MimiiGen.Audio;

/// <summary>What is wrong with a channel of sound before anything is computed from it.</summary>
/// <param name="Samples">Number of samples.</param>
/// <param name="NotFinite">Samples that are NaN or infinite.</param>
/// <param name="Silent">No two samples differ by a step of 16 bits (1/32768): digital silence, or a constant.</param>
/// <param name="Clipped">Samples in runs of three or more that stay at full scale (32767/32768) or beyond, with one sign.</param>
/// <param name="TooShort">Fewer samples than were asked for.</param>
public sealed record WaveformCheck(int Samples, int NotFinite, bool Silent, int Clipped, bool TooShort)
{
    private const float FullScale = 32767f / 32768;
    private const int ShortestRun = 3;

    /// <summary>Why the channel can't be used, in one line with the way to mend it; null where it can. Clipping alone is no reason.</summary>
    public string? Problem { get; private init; }

    /// <summary>Looks at every sample of a channel once.</summary>
    /// <param name="samples">One channel.</param>
    /// <param name="fewest">Samples that are needed, at least 1: those of one analysis frame, say.</param>
    public static WaveformCheck Of(ReadOnlySpan<float> samples, int fewest = 1)
    {
        var (notFinite, clipped, run) = (0, 0, 0);
        var (lowest, highest) = (float.PositiveInfinity, float.NegativeInfinity);
        for (var i = 0; i < samples.Length; i++)
        {
            var sample = samples[i];
            if (!float.IsFinite(sample)) notFinite++;
            lowest = Math.Min(lowest, sample);
            highest = Math.Max(highest, sample);
            var full = Math.Abs(sample) >= FullScale;
            run = !full ? 0 : run > 0 && sample > 0 == samples[i - 1] > 0 ? run + 1 : 1;
            if (run == ShortestRun) clipped += run;
            else if (run > ShortestRun) clipped++;
        }

        var tooShort = samples.Length < Math.Max(1, fewest);
        var silent = notFinite == 0 && !(highest - lowest >= 1f / 32768);
        return new WaveformCheck(samples.Length, notFinite, silent, clipped, tooShort)
        {
            Problem = tooShort ? $"has {samples.Length} samples, at least {Math.Max(1, fewest)} are needed; give a longer recording"
                : notFinite > 0 ? $"has {notFinite} samples that are NaN or infinite; export it again from its source"
                : silent ? "is silent; leave it out or record it again"
                : null,
        };
    }

    /// <summary>Refuses a channel that has a <see cref="Problem"/>.</summary>
    /// <param name="name">What the user knows the sound by: its path, say.</param>
    /// <exception cref="BadInputException">Too short, not finite, or silent.</exception>
    public void Require(string name)
    {
        if (Problem is not null) throw new BadInputException($"{name} {Problem}");
    }
}
