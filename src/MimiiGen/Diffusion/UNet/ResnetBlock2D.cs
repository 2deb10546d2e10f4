using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>conv1(SiLU(norm1 x)), the time, conv2(SiLU(norm2 h)), added to x (through a 1x1 convolution where the channels change).</summary>
internal sealed class ResnetBlock2D : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly GroupNorm norm1, norm2;
    private readonly Conv2d conv1, conv2;
    private readonly Linear time_emb_proj;
    private readonly Conv2d? conv_shortcut;
    private readonly bool scaleShift;

    public ResnetBlock2D(long inChannels, long outChannels, long timeDim, UNetConfig config)
        : base(nameof(ResnetBlock2D))
    {
        scaleShift = config.ResnetTimeScaleShift == "scale_shift";
        norm1 = nn.GroupNorm(config.NormNumGroups, inChannels, config.NormEps);
        conv1 = nn.Conv2d(inChannels, outChannels, 3L, padding: 1L);
        time_emb_proj = nn.Linear(timeDim, scaleShift ? 2 * outChannels : outChannels);
        norm2 = nn.GroupNorm(config.NormNumGroups, outChannels, config.NormEps);
        conv2 = nn.Conv2d(outChannels, outChannels, 3L, padding: 1L);
        if (inChannels != outChannels) conv_shortcut = nn.Conv2d(inChannels, outChannels, 1L);
        RegisterComponents();
    }

    /// <param name="map">Feature map (batch, channels, height, width).</param>
    /// <param name="activatedTime">SiLU of the time embedding (batch, dim): the same for all resnets, so taken once.</param>
    public override Tensor forward(Tensor map, Tensor activatedTime)
    {
        using var scope = NewDisposeScope();
        var hidden = InferenceLayers.Convolve(conv1, InferenceLayers.NormalizeActivate(norm1, map)); // (batch, out channels, height, width)
        var time = InferenceLayers.Project(time_emb_proj, activatedTime); // (batch, out or 2 out channels)
        hidden = scaleShift
            ? InferenceLayers.NormalizeActivate(norm2, hidden, scaleShift: time)
            : InferenceLayers.NormalizeActivate(norm2, hidden, before: time);
        var carried = conv_shortcut is null ? map : InferenceLayers.Convolve(conv_shortcut, map);
        return InferenceLayers.Convolve(conv2, hidden, add: carried).MoveToOuterDisposeScope(); // (batch, out channels, height, width)
    }
}
