using MimiiGen.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MimiiGen.Codec;

/// <summary>
/// EnCodec's convolution: reflection padding so that n samples give ceil(n / stride) frames; causal (all context to the left) or
/// centred; weight norm in the kernel or a group norm behind it.
/// </summary>
internal sealed class EncodecConv1d : nn.Module<Tensor, Tensor>
{
    private readonly Convolution conv;
    private readonly GroupNorm? norm;
    private readonly EncodecConfig config;
    private readonly long paddingTotal;
    private readonly long effectiveWidth;

    public EncodecConv1d(EncodecConfig config, int inputs, int outputs, int width, int stride = 1, int dilation = 1)
        : base(nameof(EncodecConv1d))
    {
        this.config = config;
        effectiveWidth = ((width - 1L) * dilation) + 1;
        (Taps, Stride, Dilation) = (width, stride, dilation);
        paddingTotal = effectiveWidth - stride;
        conv = new Convolution(inputs, outputs, width, stride, dilation, config.NormType == "weight_norm");
        if (config.NormType == "time_group_norm") norm = nn.GroupNorm(1, outputs);
        RegisterComponents();
    }

    internal NormedKernel Kernel => conv;

    /// <summary>Width of its kernel before dilation.</summary>
    internal int Taps { get; }

    /// <summary>Samples from one output frame to the next.</summary>
    internal int Stride { get; }

    internal int Dilation { get; }

    /// <summary>Samples that one output frame sees.</summary>
    internal long Width => effectiveWidth;

    /// <summary>The most samples that can be padded at either end.</summary>
    internal long WidestPadding => paddingTotal + Stride - 1;

    /// <summary>What it sees beyond the ends.</summary>
    internal Edge Edge => config.PadMode == "reflect" ? Edge.Reflect : Edge.Zero;

    /// <summary>Padding before the first sample and after the last one of a segment of that length.</summary>
    internal (long Left, long Right) Padding(long length)
    {
        var frames = (length - effectiveWidth + paddingTotal + Stride - 1) / Stride;
        if ((length - effectiveWidth + paddingTotal) < 0) frames = 0;
        var extra = (frames * Stride) + effectiveWidth - paddingTotal - length;
        if (config.UseCausalConv) return (paddingTotal, extra);
        var right = paddingTotal / 2;
        return (paddingTotal - right, right + extra);
    }

    public override Tensor forward(Tensor input) // (batch, inputs, length)
    {
        var (left, right) = Padding(input.shape[2]);
        using var padded = Pad(input, left, right); // (batch, inputs, left + length + right)
        var output = Convolve(padded); // (batch, outputs, ceil(length / stride))
        if (norm is null) return output;
        using (output) return norm.forward(output);
    }

    /// <summary>The convolution alone: (batch, inputs, (frames - 1) * stride + width) to (batch, outputs, frames).</summary>
    internal Tensor Convolve(Tensor padded) => conv.forward(padded);

    /// <summary>Pads; where reflection has too few samples to reflect, zeros are appended first and cut again after.</summary>
    internal Tensor Pad(Tensor input, long left, long right)
    {
        if (left == 0 && right == 0) return input.alias();
        if (config.PadMode != "reflect") return F.pad(input, [left, right], PaddingModes.Constant, 0);
        var length = input.shape[2];
        var widest = Math.Max(left, right);
        if (length > widest) return F.pad(input, [left, right], PaddingModes.Reflect);
        var extra = widest - length + 1;
        using var longer = F.pad(input, [0, extra], PaddingModes.Constant, 0);
        using var padded = F.pad(longer, [left, right], PaddingModes.Reflect);
        return padded[.., .., ..(int)(padded.shape[2] - extra)].contiguous();
    }

    private sealed class Convolution(int inputs, int outputs, int width, long stride, long dilation, bool weightNorm)
        : NormedKernel([outputs, inputs, width], (long)inputs * width, outputs, weightNorm)
    {
        public override Tensor forward(Tensor input) =>
            F.conv1d(input, Kernel(), Bias, stride: stride, dilation: dilation);
    }
}
