namespace MimiiGen.Codec;

/// <summary>How a codec divides a waveform into independent segments: one at every stride below its length, or a single one.</summary>
internal readonly record struct Segments
{
    private readonly long length;
    private readonly long stride;
    private readonly int hop;

    /// <param name="config">Of the codec.</param>
    /// <param name="samples">Length of the waveform, above 0.</param>
    public Segments(EncodecConfig config, long samples)
    {
        Samples = samples;
        length = config.SegmentLength ?? samples;
        stride = config.SegmentStride ?? samples;
        hop = config.HopLength;
    }

    public long Samples { get; }

    public long Count => (Samples + stride - 1) / stride;

    /// <summary>Frames of all segments.</summary>
    public long TotalFrames => Sum(frames => frames);

    /// <summary>Latent frames of segment i, counted in integers: the encodec package's reader, which counts in floating point, is one too high at some lengths.</summary>
    public long Frames(long i) => (Math.Min(length, Samples - (i * stride)) + hop - 1) / hop;

    /// <summary>The sum over all segments of something that depends on a segment's frames; of whole segments it is taken once.</summary>
    public long Sum(Func<long, long> ofFrames)
    {
        var whole = Samples < length ? 0 : ((Samples - length) / stride) + 1;
        var sum = whole == 0 ? 0 : whole * ofFrames(Frames(0));
        for (var i = whole; i < Count; i++) sum += ofFrames(Frames(i));
        return sum;
    }
}
