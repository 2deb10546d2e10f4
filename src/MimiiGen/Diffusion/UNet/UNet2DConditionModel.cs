using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>
/// The denoising U-Net of latent diffusion (Rombach et al. 2022), equal to diffusers' UNet2DConditionModel: the same config.json, the
/// same parameter names, the same numbers. Heights and widths of any size: the way up returns to the sizes of the way down.
/// </summary>
public sealed class UNet2DConditionModel : nn.Module
{
    private readonly Conv2d conv_in, conv_out;
    private readonly TimestepEmbedding time_embedding;
    private readonly TimestepEmbedding? class_embedding;
    private readonly ModuleList<DownBlock2D> down_blocks;
    private readonly ModuleList<UpBlock2D> up_blocks;
    private readonly MidBlock2D mid_block;
    private readonly GroupNorm conv_norm_out;

    /// <summary>Builds the network with PyTorch's initial weights (seed with <c>torch.manual_seed</c>).</summary>
    /// <exception cref="BadInputException">The config describes a network that can't be built.</exception>
    public UNet2DConditionModel(UNetConfig config)
        : base(nameof(UNet2DConditionModel))
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        Config = config;
        var channels = config.BlockOutChannels;
        var timeDim = config.ClassEmbeddingsConcat ? 2 * config.TimeEmbeddingDim : config.TimeEmbeddingDim;
        conv_in = nn.Conv2d(config.InChannels, channels[0], 3L, padding: 1L);
        time_embedding = new TimestepEmbedding(channels[0], config.TimeEmbeddingDim);
        if (config.ClassEmbedType is not null) class_embedding = new TimestepEmbedding(config.ProjectionClassEmbeddingsInputDim!.Value, config.TimeEmbeddingDim);
        down_blocks = new([.. channels.Select((_, level) => new DownBlock2D(config, level, channels[Math.Max(level - 1, 0)], timeDim))]);
        up_blocks = new([.. channels.Select((_, index) => new UpBlock2D(config, index, timeDim))]);
        mid_block = new MidBlock2D(config, timeDim);
        conv_norm_out = nn.GroupNorm(config.NormNumGroups, channels[0], config.NormEps);
        conv_out = nn.Conv2d(channels[0], config.OutChannels, 3L, padding: 1L);
        RegisterComponents();
        InitialiseGroupNorms();
    }

    /// <summary>What the network was built from.</summary>
    public UNetConfig Config { get; }

    /// <summary>
    /// Whether a training keeps only what enters each resnet (with its attention) and the middle, and computes the rest once more for the gradient: less memory, more
    /// time. Predictions stay the same, gradients but for the order of their sums.
    /// </summary>
    public bool Checkpointing { get; set; }

    /// <summary>Predicts noise, velocity or sample (as trained) from noisy latents.</summary>
    /// <param name="sample">Noisy latents (batch, in_channels, height, width).</param>
    /// <param name="timestep">Diffusion times, whole or fractional (batch), or one for all.</param>
    /// <param name="encoderHiddenStates">Text states (batch, tokens, cross_attention_dim).</param>
    /// <param name="encoderAttentionMask">1 for real tokens, 0 for padding (batch, tokens); null when all are real.</param>
    /// <param name="classLabels">One vector a clip (batch, projection_class_embeddings_input_dim), if and only if class_embed_type is projection.</param>
    /// <returns>The prediction (batch, out_channels, height, width).</returns>
    public Tensor forward(Tensor sample, Tensor timestep, Tensor encoderHiddenStates, Tensor? encoderAttentionMask = null, Tensor? classLabels = null)
    {
        using var context = new CrossAttentionContext(encoderHiddenStates, encoderAttentionMask);
        return forward(sample, timestep, context, classLabels);
    }

    /// <summary>As above, with the text prepared once for all steps of a sampler.</summary>
    /// <param name="sample">Noisy latents (batch, in_channels, height, width).</param>
    /// <param name="timestep">Diffusion times, whole or fractional (batch), or one for all.</param>
    /// <param name="context">The text.</param>
    /// <param name="classLabels">One vector a clip (batch, projection_class_embeddings_input_dim), if and only if class_embed_type is projection.</param>
    /// <returns>The prediction (batch, out_channels, height, width).</returns>
    public Tensor forward(Tensor sample, Tensor timestep, CrossAttentionContext context, Tensor? classLabels = null)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(timestep);
        using var scope = NewDisposeScope();
        var time = Silu.Over(Embed(timestep.to(sample.device).expand(sample.shape[0]), classLabels, sample.dtype)); // (batch, dim)
        var map = InferenceLayers.Convolve(conv_in, sample); // (batch, channels, height, width)
        var skips = new Stack<Tensor>([map]);
        foreach (var block in down_blocks) map = block.Forward(map, time, context, skips, Checkpointing);
        map = mid_block.Forward(map, time, context, Checkpointing);
        foreach (var block in up_blocks) map = block.Forward(map, time, context, skips, Checkpointing);
        return InferenceLayers.Convolve(conv_out, InferenceLayers.NormalizeActivate(conv_norm_out, map)).contiguous().MoveToOuterDisposeScope(); // (batch, out_channels, height, width)
    }

    /// <summary>TorchSharp leaves the scale and shift of a new GroupNorm as they lay in memory.</summary>
    private void InitialiseGroupNorms()
    {
        foreach (var norm in modules().OfType<GroupNorm>())
        {
            nn.init.ones_(norm.weight);
            nn.init.zeros_(norm.bias);
        }
    }

    private Tensor Embed(Tensor timestep, Tensor? classLabels, ScalarType type) // (batch)
    {
        var sinusoids = TimestepEmbedding.Sinusoids(timestep, Config.BlockOutChannels[0], Config.FlipSinToCos, Config.FreqShift); // (batch, channels)
        var time = time_embedding.forward(sinusoids.to(type)); // (batch, dim)
        if (class_embedding is null != classLabels is null)
            throw new ArgumentException(class_embedding is null ? "class labels given to a U-Net without class_embed_type" : "this U-Net needs class labels", nameof(classLabels));
        if (class_embedding is null) return time;
        var clip = class_embedding.forward(classLabels!.to(type)); // (batch, dim)
        return Config.ClassEmbeddingsConcat ? cat([time, clip], -1) : time.add_(clip);
    }
}
