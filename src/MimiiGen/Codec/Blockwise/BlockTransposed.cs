using MimiiGen.Kernels;
using static TorchSharp.torch;

namespace MimiiGen.Codec;

/// <summary>
/// A transposed convolution of twice its stride's width as a product: frames t - 1 and t give, side by side, the samples t * stride to
/// (t + 1) * stride of the untrimmed output.
/// </summary>
/// <param name="layer">Where kernel, stride and trimming come from.</param>
/// <param name="activated">Whether an ELU follows.</param>
internal sealed unsafe class BlockTransposed(EncodecConvTranspose1d layer, bool activated) : BlockLayer(layer.Kernel.Outputs)
{
    private readonly PackedMatrix matrix = Pack(layer);
    private readonly long stride = layer.Stride;

    public override long Length(long input) => input * stride;

    public override (long From, long To) Covers(long from, long to)
    {
        var (first, last) = Rows(from, to);
        return ((first * stride) - layer.Left, (last * stride) - layer.Left);
    }

    public override (long From, long To) Needs(long from, long to, long input)
    {
        var (first, last) = Rows(from, to);
        return (Math.Max(0, first - 1), Math.Min(input, last));
    }

    public override void Run(FrameBlock input, FrameBlock output, long from, long to, BlockScratch scratch)
    {
        var (first, last) = Rows(from, to);
        Span<Window> windows = [input.Window(-1, 2, 1, Edge.Zero)];
        var target = new Target((IntPtr)(output.Frames - (layer.Left * Channels)), (nint)stride * Channels);
        if (activated) RowProduct.Run<Elu>(matrix, windows, target, first, last);
        else RowProduct.Run<Identity>(matrix, windows, target, first, last);
    }

    private (long First, long Last) Rows(long from, long to) => ((from + layer.Left) / stride, ((to - 1 + layer.Left) / stride) + 1);

    private static PackedMatrix Pack(EncodecConvTranspose1d layer)
    {
        using var scope = NewDisposeScope();
        var kernel = layer.Kernel.Effective(); // (inputs, outputs, 2 stride)
        var (inputs, outputs) = (kernel.shape[0], kernel.shape[1]);
        var halves = kernel.view(inputs, outputs, 2, layer.Stride).flip(2); // the frame before gives its second half: (inputs, outputs, 2, stride)
        return new PackedMatrix(halves.permute(3, 1, 2, 0).reshape(layer.Stride * outputs, 2 * inputs), layer.Kernel.Shift.repeat(layer.Stride));
    }
}
