using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Codec.Streaming;

/// <summary>
/// A convolution of a stream: it keeps the samples from the next frame's window on, and as many before its end as the padding there may reflect. A stream too
/// short to be reflected is kept whole until it ends.
/// </summary>
internal sealed class StreamedConv(EncodecConv1d convolution) : StreamedLayer
{
    private Tensor? kept; // (1, inputs, length), padded on the left once started
    private long next; // of the next window's beginning in what is kept
    private long fed;
    private bool started;

    public override Tensor? Feed(Tensor? input, bool last)
    {
        using var scope = NewDisposeScope();
        fed += input?.shape[2] ?? 0;
        Keep(ref kept, Join(kept, input));
        if (kept is null) return null;
        if (!started && last) return convolution.forward(kept).MoveToOuterDisposeScope(); // (1, outputs, frames)
        if (!started && fed <= convolution.WidestPadding) return null;
        if (!started) Keep(ref kept, convolution.Pad(kept, convolution.Padding(fed).Left, 0));
        started = true;
        if (last) Keep(ref kept, convolution.Pad(kept!, 0, convolution.Padding(fed).Right));
        return Frames()?.MoveToOuterDisposeScope();
    }

    public override void Dispose() => kept?.Dispose();

    private Tensor? Frames()
    {
        var length = kept!.shape[2];
        var frames = Math.Max(0, (length - next - convolution.Width + convolution.Stride) / convolution.Stride);
        if (frames == 0) return null;
        var output = convolution.Convolve(kept.narrow(2, next, ((frames - 1) * convolution.Stride) + convolution.Width)); // (1, outputs, frames)
        next += frames * convolution.Stride;
        var passed = Math.Max(0, Math.Min(next, length - convolution.WidestPadding - 1));
        Keep(ref kept, kept.narrow(2, passed, length - passed).clone());
        next -= passed;
        return output;
    }
}
