namespace MimiiGen.Audio;

/// <summary>One channel on its way to another rate: keeps the inputs that later outputs need.</summary>
internal sealed class ResampledStream(SincFilterBank bank)
{
    private float[] kept = [];
    private long origin; // of what is kept, in the input
    private long made;

    /// <summary>The next samples of the output: those whose filter reaches no input to come.</summary>
    public float[] Feed(ReadOnlySpan<float> input, bool last)
    {
        kept = [.. kept, .. input];
        var received = origin + kept.Length;
        var end = last ? bank.OutputLength(received) : made;
        if (!last)
            for (var limit = bank.OutputLength(received); end < limit && bank.Needs(end).Behind <= received;) end++;
        var output = bank.Apply(kept, origin, made, (int)(end - made));
        made = end;
        var passed = (int)Math.Clamp(bank.Needs(made).First - origin, 0, kept.Length);
        kept = kept[passed..];
        origin += passed;
        return output;
    }
}
