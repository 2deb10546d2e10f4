using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MimiiGen.Codec;

/// <summary>SEANet's residual block: ELU, dilated convolution to fewer channels, ELU, convolution of width 1 back, plus the shortcut.</summary>
internal sealed class EncodecResidualBlock : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<nn.Module<Tensor, Tensor>> block;
    private readonly EncodecConv1d? shortcut;

    public EncodecResidualBlock(EncodecConfig config, int dimension, int dilation)
        : base(nameof(EncodecResidualBlock))
    {
        var narrow = dimension / config.Compress;
        block = nn.ModuleList<nn.Module<Tensor, Tensor>>(
            nn.ELU(),
            new EncodecConv1d(config, dimension, narrow, config.ResidualKernelSize, dilation: dilation),
            nn.ELU(),
            new EncodecConv1d(config, narrow, dimension, width: 1));
        if (config.UseConvShortcut) shortcut = new EncodecConv1d(config, dimension, dimension, width: 1);
        RegisterComponents();
    }

    /// <summary>The layers beside the shortcut, in order.</summary>
    internal ModuleList<nn.Module<Tensor, Tensor>> Block => block;

    internal EncodecConv1d Narrowing => (EncodecConv1d)block[1];

    internal EncodecConv1d Widening => (EncodecConv1d)block[3];

    internal EncodecConv1d? Shortcut => shortcut;

    public override Tensor forward(Tensor input) // (batch, dimension, length)
    {
        using var scope = NewDisposeScope();
        var hidden = Narrowing.forward(F.elu(input, 1)); // (batch, dimension / compress, length)
        hidden = Widening.forward(F.elu(hidden, 1)); // (batch, dimension, length)
        var carried = shortcut is null ? input : shortcut.forward(input); // (batch, dimension, length)
        return (carried + hidden).MoveToOuterDisposeScope();
    }
}
