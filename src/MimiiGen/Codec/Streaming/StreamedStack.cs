using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Codec.Streaming;

/// <summary>Layers one after the other, each fed with what the one before it is certain of.</summary>
internal sealed class StreamedStack(IEnumerable<nn.Module<Tensor, Tensor>> layers) : StreamedLayer
{
    private readonly StreamedLayer[] stack = [.. layers.Select(Of)];

    public override Tensor? Feed(Tensor? input, bool last)
    {
        using var scope = NewDisposeScope();
        var current = input;
        foreach (var layer in stack)
        {
            var given = current;
            current = layer.Feed(given, last);
            if (!ReferenceEquals(given, input)) given?.Dispose();
        }

        return current?.MoveToOuterDisposeScope();
    }

    public override void Dispose()
    {
        foreach (var layer in stack) layer.Dispose();
    }
}
