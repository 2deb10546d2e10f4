using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MimiiGen.Codec;

/// <summary>
/// EnCodec's transposed convolution: n frames give n * stride samples; the surplus of width - stride samples is cut from the right
/// (causal) or from both ends, after the group norm where there is one.
/// </summary>
internal sealed class EncodecConvTranspose1d : nn.Module<Tensor, Tensor>
{
    private readonly Transposed conv;
    private readonly GroupNorm? norm;
    private readonly long left;
    private readonly long right;

    public EncodecConvTranspose1d(EncodecConfig config, int inputs, int outputs, int width, int stride)
        : base(nameof(EncodecConvTranspose1d))
    {
        conv = new Transposed(inputs, outputs, width, stride, config.NormType == "weight_norm");
        if (config.NormType == "time_group_norm") norm = nn.GroupNorm(1, outputs);
        RegisterComponents();

        (Stride, Width) = (stride, width);
        long surplus = width - stride;
        right = config.UseCausalConv ? (long)Math.Ceiling(surplus * config.TrimRightRatio) : surplus / 2;
        left = surplus - right;
    }

    internal NormedKernel Kernel => conv;

    /// <summary>Samples that one frame adds.</summary>
    internal int Stride { get; }

    /// <summary>Samples that one frame reaches.</summary>
    internal int Width { get; }

    /// <summary>Samples cut from the beginning; <see cref="Width"/> - <see cref="Stride"/> less these are cut from the end.</summary>
    internal long Left => left;

    public override Tensor forward(Tensor input) // (batch, inputs, frames)
    {
        using var scope = NewDisposeScope();
        var output = Convolve(input); // (batch, outputs, frames * stride + surplus)
        if (norm is not null) output = norm.forward(output);
        return output.narrow(2, left, output.shape[2] - left - right).MoveToOuterDisposeScope(); // (batch, outputs, frames * stride)
    }

    /// <summary>The convolution alone, nothing cut: (batch, inputs, frames) to (batch, outputs, (frames - 1) * stride + width).</summary>
    internal Tensor Convolve(Tensor input) => conv.forward(input);

    private sealed class Transposed(int inputs, int outputs, int width, long stride, bool weightNorm)
        : NormedKernel([inputs, outputs, width], (long)outputs * width, outputs, weightNorm)
    {
        public override Tensor forward(Tensor input) => F.conv_transpose1d(input, Kernel(), Bias, stride: stride);
    }
}
