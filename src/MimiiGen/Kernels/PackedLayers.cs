using System.Runtime.CompilerServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Kernels;

/// <summary>The weights of linear layers and convolutions, packed when first used, and again when they have changed.</summary>
internal static class PackedLayers
{
    private static readonly ConditionalWeakTable<nn.Module, Entry> Entries = [];

    /// <summary>Rows (outputs) times terms (inputs).</summary>
    public static PackedMatrix Of(Linear layer) => Of(layer, layer.weight!, layer.bias);

    /// <summary>Rows (outputs) times terms (height, width, inputs): a window's rows one after the other.</summary>
    public static PackedMatrix Of(Conv2d layer) => Of(layer, layer.weight!, layer.bias);

    private static PackedMatrix Of(nn.Module layer, Tensor weight, Tensor? bias)
    {
        var mark = WeightsMark.Of(bias is null ? [weight] : [weight, bias]);
        if (Entries.TryGetValue(layer, out var entry) && entry.Mark == mark) return entry.Matrix;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var rows = weight.dim() == 4 ? weight.permute(0, 2, 3, 1).flatten(1) : weight;
        var matrix = new PackedMatrix(rows, bias);
        Entries.AddOrUpdate(layer, new Entry(mark, matrix));
        return matrix;
    }

    private sealed record Entry(WeightsMark Mark, PackedMatrix Matrix);
}
