using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>A level of the way up: resnets that also see the way down, each followed by an attention where the level has one, then enlarging except at the outermost level.</summary>
internal sealed class UpBlock2D : nn.Module
{
    private readonly ModuleList<SpatialAttention>? attentions;
    private readonly ModuleList<ResnetBlock2D> resnets;
    private readonly ModuleList<Upsample2D>? upsamplers;

    /// <param name="config">The network's config.</param>
    /// <param name="index">Position in up_block_types, 0 for the innermost level.</param>
    /// <param name="timeDim">Width of the embedding given to the resnets.</param>
    public UpBlock2D(UNetConfig config, int index, long timeDim)
        : base(nameof(UpBlock2D))
    {
        var innermost = config.BlockOutChannels.Count - 1;
        var level = innermost - index;
        var layers = UNetConfig.AtLevel(config.LayersPerBlock, level) + 1;
        long channels = config.BlockOutChannels[level];
        long fromBelow = config.BlockOutChannels[Math.Min(level + 1, innermost)];
        long enteringLevel = config.BlockOutChannels[Math.Max(level - 1, 0)]; // width of the last skip: what came into the level on the way down
        if (config.UpBlockTypes[index] != "UpBlock2D")
            attentions = new([.. Enumerable.Range(0, layers).Select(_ => Attention(config, index, level))]);
        resnets = new([.. Enumerable.Range(0, layers).Select(Resnet)]);
        if (level > 0) upsamplers = new(new Upsample2D(channels));
        RegisterComponents();

        ResnetBlock2D Resnet(int i)
        {
            var skip = i == layers - 1 ? enteringLevel : channels;
            return new ResnetBlock2D((i == 0 ? fromBelow : channels) + skip, channels, timeDim, config);
        }
    }

    /// <summary>Takes its own skips, enlarges to the size of the next one.</summary>
    public Tensor Forward(Tensor map, Tensor activatedTime, CrossAttentionContext context, Stack<Tensor> skips, bool recompute = false)
    {
        for (var i = 0; i < resnets.Count; i++)
            map = RecomputedStage.Run(recompute, Stage(i), context, map, skips.Pop(), activatedTime); // (batch, channels, height, width)
        if (upsamplers is null) return map;
        var size = skips.Peek().shape; // 375 and not 376 where 375 was halved to 188
        return upsamplers[0].forward(map, (size[2], size[3])); // (batch, channels, height, width)
    }

    private Func<IReadOnlyList<Tensor>, CrossAttentionContext, Tensor> Stage(int i) => (inputs, context) => // map, skip, time
    {
        using var joined = InferenceLayers.Join(inputs[0], inputs[1]); // (batch, channels + skip channels, height, width)
        var map = resnets[i].forward(joined, inputs[2]); // (batch, channels, height, width)
        return attentions is null ? map : attentions[i].forward(map, context);
    };

    // diffusers reads attention_head_dim from the outer end here, though it goes with the inner level
    private static SpatialAttention Attention(UNetConfig config, int index, int level) => config.UpBlockTypes[index] == "AttnUpBlock2D"
        ? new SelfAttention2D(config.BlockOutChannels[level], UNetConfig.AtLevel(config.AttentionHeadDim, index), config.NormNumGroups, config.NormEps)
        : config.TransformerAt(level);
}
