using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Codec.Streaming;

/// <summary>A residual block of a stream: what the shortcut gives waits until the block's own layers have come as far.</summary>
internal sealed class StreamedResidual(EncodecResidualBlock block) : StreamedLayer
{
    private readonly StreamedStack layers = new(block.Block);
    private readonly EncodecConv1d? shortcut = block.Shortcut;
    private Tensor? waiting; // (1, dimension, length)

    public override Tensor? Feed(Tensor? input, bool last)
    {
        using var scope = NewDisposeScope();
        var carried = input is null || shortcut is null ? input : shortcut.forward(input); // (1, dimension, length)
        Keep(ref waiting, Join(waiting, carried));
        var hidden = layers.Feed(input, last); // (1, dimension, length of what is certain)
        if (hidden is null) return null;
        var count = hidden.shape[2];
        var output = waiting!.narrow(2, 0, count) + hidden;
        Keep(ref waiting, waiting.narrow(2, count, waiting.shape[2] - count).clone());
        return output.MoveToOuterDisposeScope();
    }

    public override void Dispose()
    {
        layers.Dispose();
        waiting?.Dispose();
    }
}
