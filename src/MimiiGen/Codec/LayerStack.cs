using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Codec;

/// <summary>Layers one after the other, each result freed as soon as the next one is made.</summary>
internal static class LayerStack
{
    /// <param name="layers">In order.</param>
    /// <param name="input">(batch, channels, length), not disposed.</param>
    /// <param name="afterLayer">Called with the index and output of each layer.</param>
    public static Tensor Run(IEnumerable<nn.Module<Tensor, Tensor>> layers, Tensor input, Action<int, Tensor>? afterLayer = null)
    {
        var current = input;
        var index = 0;
        foreach (var layer in layers)
        {
            var next = layer.forward(current);
            if (!ReferenceEquals(current, input)) current.Dispose();
            current = next;
            afterLayer?.Invoke(index++, current);
        }

        return current;
    }
}
