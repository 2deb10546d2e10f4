using System.Runtime.Intrinsics;
using MimiiGen.Kernels;
using static TorchSharp.torch;

namespace MimiiGen.Codec;

/// <summary>A residual block: the narrowing convolution, then the widening one and the shortcut in one product.</summary>
/// <param name="layer">Where the kernels come from.</param>
/// <param name="activated">Whether an ELU follows.</param>
internal sealed unsafe class BlockResidual(EncodecResidualBlock layer, bool activated) : BlockLayer(layer.Widening.Kernel.Outputs)
{
    private readonly BlockConvolution narrowing = new(layer.Narrowing, activated: true);
    private readonly PackedMatrix matrix = Pack(layer);
    private readonly bool straight = layer.Shortcut is null;

    public override long Length(long input) => input;

    public override bool Serves(long input) => narrowing.Serves(input);

    public override (long From, long To) Needs(long from, long to, long input)
    {
        var (low, high) = narrowing.Needs(from, to, input);
        return (Math.Min(low, from), Math.Max(high, Math.Min(to, input)));
    }

    public override void Run(FrameBlock input, FrameBlock output, long from, long to, BlockScratch scratch)
    {
        var (low, high) = narrowing.Needs(from, to, input.Total);
        scratch.Activated.Hold(low, high, Channels, input.Total);
        Activate(input.Frames + (low * Channels), scratch.Activated.Frames + (low * Channels), (high - low) * Channels);
        var (first, last) = narrowing.Covers(from, to);
        scratch.Narrow.Hold(first, last, narrowing.Channels, input.Total);
        narrowing.Run(scratch.Activated, scratch.Narrow, from, to, scratch);

        Span<Window> windows = [scratch.Narrow.Window(0, 1, 1, Edge.Zero), input.Window(0, 1, 1, Edge.Zero)];
        if (straight) windows = windows[..1];
        var target = new Target((IntPtr)output.Frames, Channels, straight ? (IntPtr)input.Frames : 0, Channels);
        if (activated) RowProduct.Run<Elu>(matrix, windows, target, from, to);
        else RowProduct.Run<Identity>(matrix, windows, target, from, to);
    }

    private static void Activate(float* from, float* to, long count)
    {
        var i = 0L;
        for (; i <= count - Vector512<float>.Count; i += Vector512<float>.Count) Elu.Of(Vector512.Load(from + i)).Store(to + i);
        for (; i < count; i++) to[i] = from[i] > 0 ? from[i] : MathF.Exp(from[i]) - 1;
    }

    private static PackedMatrix Pack(EncodecResidualBlock layer)
    {
        using var scope = NewDisposeScope();
        var widening = layer.Widening.Kernel;
        if (layer.Shortcut is not { } shortcut) return new PackedMatrix(widening.Effective().flatten(1), widening.Shift);
        var both = cat([widening.Effective().flatten(1), shortcut.Kernel.Effective().flatten(1)], 1); // (outputs, narrow + outputs)
        return new PackedMatrix(both, widening.Shift + shortcut.Kernel.Shift);
    }
}
