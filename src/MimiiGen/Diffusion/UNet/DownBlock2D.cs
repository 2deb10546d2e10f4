using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>A level of the way down: resnets, each followed by an attention where the level has one, then halving except at the innermost level.</summary>
internal sealed class DownBlock2D : nn.Module
{
    private readonly ModuleList<SpatialAttention>? attentions;
    private readonly ModuleList<ResnetBlock2D> resnets;
    private readonly ModuleList<Downsample2D>? downsamplers;

    public DownBlock2D(UNetConfig config, int level, long inChannels, long timeDim)
        : base(nameof(DownBlock2D))
    {
        long channels = config.BlockOutChannels[level];
        var layers = UNetConfig.AtLevel(config.LayersPerBlock, level);
        if (config.DownBlockTypes[level] != "DownBlock2D")
            attentions = new([.. Enumerable.Range(0, layers).Select(_ => Attention(config, level))]);
        resnets = new([.. Enumerable.Range(0, layers).Select(i => new ResnetBlock2D(i == 0 ? inChannels : channels, channels, timeDim, config))]);
        if (level < config.BlockOutChannels.Count - 1) downsamplers = new(new Downsample2D(channels));
        RegisterComponents();
    }

    /// <summary>Returns the result and adds what the way up will need to <paramref name="skips"/>.</summary>
    public Tensor Forward(Tensor map, Tensor activatedTime, CrossAttentionContext context, Stack<Tensor> skips, bool recompute = false)
    {
        for (var i = 0; i < resnets.Count; i++)
        {
            map = RecomputedStage.Run(recompute, Stage(i), context, map, activatedTime); // (batch, channels, height, width)
            skips.Push(map);
        }

        if (downsamplers is null) return map;
        map = downsamplers[0].forward(map); // (batch, channels, ceil(height / 2), ceil(width / 2))
        skips.Push(map);
        return map;
    }

    private Func<IReadOnlyList<Tensor>, CrossAttentionContext, Tensor> Stage(int i) => (inputs, context) => // map, time
    {
        var map = resnets[i].forward(inputs[0], inputs[1]); // (batch, channels, height, width)
        return attentions is null ? map : attentions[i].forward(map, context);
    };

    private static SpatialAttention Attention(UNetConfig config, int level) => config.DownBlockTypes[level] == "AttnDownBlock2D"
        ? new SelfAttention2D(config.BlockOutChannels[level], UNetConfig.AtLevel(config.AttentionHeadDim, level), config.NormNumGroups, config.NormEps)
        : config.TransformerAt(level);
}
