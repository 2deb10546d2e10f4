using MimiiGen.Kernels;
using static TorchSharp.torch;

namespace MimiiGen.Codec;

/// <summary>
/// A convolution over frames as a product of overlapping rows. Where it has fewer outputs than a panel has columns, a row gives several frames at
/// once, its kernel repeated in steps of the stride.
/// </summary>
/// <param name="layer">Where kernel, stride and padding come from.</param>
/// <param name="activated">Whether an ELU follows.</param>
internal sealed unsafe class BlockConvolution(EncodecConv1d layer, bool activated) : BlockLayer(layer.Kernel.Outputs)
{
    private readonly int group = GroupOf(layer);
    private readonly PackedMatrix matrix = Pack(layer);
    private readonly int reach = (layer.Taps - 1) * layer.Dilation;

    public override long Length(long input) => (input + layer.Stride - 1) / layer.Stride;

    public override bool Serves(long input)
    {
        var (left, right) = layer.Padding(input);
        return input > Math.Max(left, right);
    }

    public override (long From, long To) Covers(long from, long to) => (from / group * group, (to + group - 1) / group * group);

    public override (long From, long To) Needs(long from, long to, long input)
    {
        (from, to) = Covers(from, Math.Min(to, Length(input)));
        var left = layer.Padding(input).Left;
        var first = (from * layer.Stride) - left;
        var last = ((to - 1) * layer.Stride) - left + reach;
        var low = Math.Max(0, Math.Min(first, last >= input ? Window.Reflected(last, input) : first)); // what is mirrored is needed too
        var high = Math.Min(input - 1, Math.Max(last, first < 0 ? -first : last));
        return (low, high + 1);
    }

    public override void Run(FrameBlock input, FrameBlock output, long from, long to, BlockScratch scratch)
    {
        (from, to) = Covers(from, to);
        var first = -layer.Padding(input.Total).Left;
        Span<Window> windows = stackalloc Window[layer.Dilation == 1 ? 1 : layer.Taps];
        var taps = layer.Dilation == 1 ? layer.Taps + ((group - 1) * layer.Stride) : 1;
        for (var w = 0; w < windows.Length; w++) windows[w] = input.Window(first + (w * layer.Dilation), taps, group * layer.Stride, layer.Edge);
        var target = new Target((IntPtr)output.Frames, group * Channels);
        if (activated) RowProduct.Run<Elu>(matrix, windows, target, from / group, to / group);
        else RowProduct.Run<Identity>(matrix, windows, target, from / group, to / group);
    }

    private static int GroupOf(EncodecConv1d layer) => layer.Dilation == 1 ? Math.Max(1, MicroKernel.Panel / layer.Kernel.Outputs) : 1;

    private static PackedMatrix Pack(EncodecConv1d layer)
    {
        using var scope = NewDisposeScope();
        var group = GroupOf(layer);
        var kernel = layer.Kernel.Effective().transpose(1, 2); // (outputs, taps, inputs)
        var (outputs, taps, inputs) = (kernel.shape[0], kernel.shape[1], kernel.shape[2]);
        var repeated = zeros(group, outputs, taps + ((group - 1) * layer.Stride), inputs);
        for (var g = 0; g < group; g++) repeated[g].narrow(1, g * layer.Stride, taps).copy_(kernel);
        return new PackedMatrix(repeated.reshape(group * outputs, -1), layer.Kernel.Shift.repeat(group));
    }
}
