namespace MimiiGen.Codec;

/// <summary>A layer that can compute any block of its output from the block of its input that this depends on.</summary>
/// <param name="channels">Of its output.</param>
internal abstract class BlockLayer(int channels)
{
    /// <summary>Channels of its output.</summary>
    public int Channels => channels;

    /// <summary>Frames of its output for that many of its input.</summary>
    public abstract long Length(long input);

    /// <summary>Whether a sequence of that many frames is long enough for its padding.</summary>
    public virtual bool Serves(long input) => true;

    /// <summary>The frames it computes when those are wanted: they, and what comes with them in one step.</summary>
    public virtual (long From, long To) Covers(long from, long to) => (from, to);

    /// <summary>The frames of its input that these frames of its output depend on.</summary>
    /// <param name="from">First frame wanted.</param>
    /// <param name="to">First frame not wanted.</param>
    /// <param name="input">Frames of its whole input.</param>
    public abstract (long From, long To) Needs(long from, long to, long input);

    /// <summary>Computes the block <paramref name="output"/>, which already holds room for what <see cref="Covers"/> said.</summary>
    /// <param name="input">At least what <see cref="Needs"/> said.</param>
    /// <param name="output">From <paramref name="from"/> to <paramref name="to"/>.</param>
    /// <param name="from">First frame wanted.</param>
    /// <param name="to">First frame not wanted.</param>
    /// <param name="scratch">Blocks for results of its own.</param>
    public abstract void Run(FrameBlock input, FrameBlock output, long from, long to, BlockScratch scratch);
}

/// <summary>What a residual block keeps between its two convolutions.</summary>
internal sealed class BlockScratch
{
    public FrameBlock Activated { get; } = new();

    public FrameBlock Narrow { get; } = new();
}
