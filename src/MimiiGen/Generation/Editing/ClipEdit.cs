namespace MimiiGen.Generation;

/// <summary>What a clip takes from a given recording: <see cref="Variation"/> or <see cref="Filling"/>.</summary>
/// <param name="Source">The recording.</param>
public abstract record ClipEdit(SourceSound Source)
{
    internal abstract void Check(double seconds);
}

/// <summary>
/// The recording is the start instead of noise (SDEdit, Meng et al. 2022), so that its machine stays and the caption's condition comes: it gets the noise of
/// a part of the schedule and is denoised from there. Levels go the same part of the way from the recording's to the condition's.
/// </summary>
/// <param name="Source">The recording, at least as long as the clip.</param>
/// <param name="Strength">Above 0 (hardly changed) to 1 (anew).</param>
public sealed record Variation(SourceSound Source, double Strength) : ClipEdit(Source)
{
    internal override void Check(double seconds)
    {
        if (Strength is not (> 0 and <= 1)) throw new BadInputException($"strength {Strength}: give above 0 (hardly changed) to 1 (anew)");
        if (seconds > Source.Seconds + 1e-6)
            throw new BadInputException($"{Source.Name} lasts {Source.Seconds:0.###} s, the clip {seconds:0.###} s: ask for no more than the recording has, or continue it");
    }
}

/// <summary>
/// A span of time is made anew, the rest is the recording itself; at the span's ends the two are faded over 20 ms. A span that reaches beyond the recording's
/// end continues it. Levels are the recording's.
/// </summary>
/// <param name="Source">The recording.</param>
/// <param name="From">Where the span begins, in seconds; 0.1 s or more of the recording have to remain.</param>
/// <param name="To">Where the span ends, in seconds.</param>
public sealed record Filling(SourceSound Source, double From, double To) : ClipEdit(Source)
{
    private const double LeastKept = 0.1;

    /// <summary>The recording goes on until the clip ends.</summary>
    public static Filling Continue(SourceSound source, double seconds)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (seconds <= source.Seconds) throw new BadInputException($"{source.Name} lasts {source.Seconds:0.###} s already: to continue it, ask for a longer clip than {seconds:0.###} s");
        return new Filling(source, source.Seconds, seconds);
    }

    internal override void Check(double seconds)
    {
        if (!(From >= 0 && From < To && To <= seconds + 1e-6)) throw new BadInputException($"a span from {From:0.###} to {To:0.###} s: give one within the clip's {seconds:0.###} s, its beginning first");
        if (From > Source.Seconds) throw new BadInputException($"{Source.Name} lasts {Source.Seconds:0.###} s: the span can't begin after that, at {From:0.###} s");
        if (seconds > Source.Seconds + 1e-6 && To < seconds - 1e-6) throw new BadInputException($"{Source.Name} lasts {Source.Seconds:0.###} s: a span that reaches beyond has to go on to the clip's end, {seconds:0.###} s");
        if (From + Math.Max(0, Math.Min(seconds, Source.Seconds) - To) < LeastKept) throw new BadInputException($"a span from {From:0.###} to {To:0.###} s leaves nothing of the recording: use a strength of 1 instead");
    }
}
