using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>
/// MobileNetV3's block: widen by a 1x1 convolution (left out where nothing is widened), filter each channel by itself,
/// weigh the channels (squeeze and excitation, where asked), narrow again; added to its input where shapes allow.
/// </summary>
internal sealed class InvertedResidual : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<nn.Module<Tensor, Tensor>> block;
    private readonly bool residual;

    public InvertedResidual(int channels, int kernel, int expanded, int outputs, bool squeeze, bool hardSwish, int stride)
        : base(nameof(InvertedResidual))
    {
        residual = stride == 1 && channels == outputs;
        var layers = new List<nn.Module<Tensor, Tensor>>();
        if (expanded != channels) layers.Add(ConvNorm(channels, expanded, 1, 1, 1, Activation()));
        layers.Add(ConvNorm(expanded, expanded, kernel, stride, expanded, Activation()));
        if (squeeze) layers.Add(new SqueezeExcitation(expanded, MakeDivisible(expanded / 4)));
        layers.Add(ConvNorm(expanded, outputs, 1, 1, 1, null));
        block = new ModuleList<nn.Module<Tensor, Tensor>>([.. layers]);
        RegisterComponents();

        nn.Module<Tensor, Tensor> Activation() => hardSwish ? nn.Hardswish() : nn.ReLU();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input;
        foreach (var layer in block) x = layer.call(x); // (clips, outputs, bands / stride, frames / stride)
        return (residual ? x + input : x).MoveToOuterDisposeScope();
    }

    /// <summary>Convolution, batch normalisation (eps 1e-3, momentum 0.01), activation: named 0, 1 in a checkpoint.</summary>
    internal static Sequential ConvNorm(int inputs, int outputs, int kernel, int stride, int groups, nn.Module<Tensor, Tensor>? activation)
    {
        nn.Module<Tensor, Tensor>[] layers =
        [
            nn.Conv2d(inputs, outputs, kernel, stride: stride, padding: (kernel - 1) / 2, groups: groups, bias: false),
            nn.BatchNorm2d(outputs, eps: 1e-3, momentum: 0.01),
        ];
        return nn.Sequential(activation is null ? layers : [.. layers, activation]);
    }

    /// <summary>The nearest multiple of 8, at least 8, never more than a tenth below: MobileNet's rule for channel counts.</summary>
    internal static int MakeDivisible(double channels)
    {
        var rounded = Math.Max(8, (int)(channels + 4) / 8 * 8);
        return rounded < 0.9 * channels ? rounded + 8 : rounded;
    }
}
