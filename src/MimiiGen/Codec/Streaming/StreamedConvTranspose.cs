using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Codec.Streaming;

/// <summary>A transposed convolution of a stream: it keeps the last frames that reach into the samples of the next one.</summary>
internal sealed class StreamedConvTranspose(EncodecConvTranspose1d convolution) : StreamedLayer
{
    private readonly long reach = ((convolution.Width + convolution.Stride - 1) / convolution.Stride) - 1; // frames
    private Tensor? kept; // (1, inputs, up to reach)
    private long toCut = convolution.Left;

    public override Tensor? Feed(Tensor? input, bool last)
    {
        using var scope = NewDisposeScope();
        var context = kept?.shape[2] ?? 0;
        var frames = Join(kept, input); // (1, inputs, context + new)
        if (frames is null) return null;
        var count = frames.shape[2];
        var samples = convolution.Convolve(frames); // (1, outputs, (count - 1) * stride + width)
        var end = (count * convolution.Stride) + (last ? convolution.Left : 0);
        var begin = Math.Min(end, (context * convolution.Stride) + toCut);
        toCut -= begin - (context * convolution.Stride);
        var remembered = Math.Min(reach, count);
        Keep(ref kept, frames.narrow(2, count - remembered, remembered).clone());
        return begin == end ? null : samples.narrow(2, begin, end - begin).MoveToOuterDisposeScope(); // (1, outputs, end - begin)
    }

    public override void Dispose() => kept?.Dispose();
}
