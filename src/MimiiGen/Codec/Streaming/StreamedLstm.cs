using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Codec.Streaming;

/// <summary>The recurrent block of a stream: its state goes from one part to the next.</summary>
internal sealed class StreamedLstm(EncodecLstm lstm) : StreamedLayer
{
    private Tensor? hidden; // (layers, 1, dimension)
    private Tensor? cell; // (layers, 1, dimension)

    public override Tensor? Feed(Tensor? input, bool last)
    {
        if (input is null) return null;
        using var scope = NewDisposeScope();
        var (output, state) = lstm.Continue(input, hidden is null ? null : (hidden, cell!)); // (1, dimension, frames)
        Keep(ref hidden, state.Hidden);
        Keep(ref cell, state.Cell);
        return output.MoveToOuterDisposeScope();
    }

    public override void Dispose()
    {
        hidden?.Dispose();
        cell?.Dispose();
    }
}
