using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>The middle: resnet, attention with the text, resnet.</summary>
internal sealed class MidBlock2D : nn.Module
{
    private readonly ModuleList<SpatialAttention> attentions;
    private readonly ModuleList<ResnetBlock2D> resnets;

    public MidBlock2D(UNetConfig config, long timeDim)
        : base(nameof(MidBlock2D))
    {
        var level = config.BlockOutChannels.Count - 1;
        long channels = config.BlockOutChannels[level];
        attentions = new(config.TransformerAt(level));
        resnets = new(new ResnetBlock2D(channels, channels, timeDim, config), new ResnetBlock2D(channels, channels, timeDim, config));
        RegisterComponents();
    }

    public Tensor Forward(Tensor map, Tensor activatedTime, CrossAttentionContext context, bool recompute = false) => // (batch, channels, height, width)
        RecomputedStage.Run(recompute, Stage, context, map, activatedTime);

    private Tensor Stage(IReadOnlyList<Tensor> inputs, CrossAttentionContext context) // map, time
    {
        var map = resnets[0].forward(inputs[0], inputs[1]);
        map = attentions[0].forward(map, context);
        return resnets[1].forward(map, inputs[1]); // (batch, channels, height, width)
    }
}
