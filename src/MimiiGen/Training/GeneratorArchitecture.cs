using MimiiGen.Diffusion;
using MimiiGen.Hub;
using MimiiGen.Text;

namespace MimiiGen.Training;

/// <summary>The networks of a generator that is trained from nothing, and its noise schedule.</summary>
/// <param name="Layout">How latents become the U-Net's image.</param>
/// <param name="UNet">The U-Net; takes the clip's levels as class vector.</param>
/// <param name="Text">The text encoder trained with it, unless there is a <see cref="TextEncoder"/>.</param>
/// <param name="Sampler">Schedule, prediction and preferred sampler.</param>
public sealed record GeneratorArchitecture(LatentLayout Layout, UNetConfig UNet, T5Config Text, SamplerConfig Sampler)
{
    /// <summary>A published text encoder to use as it is; null for one that is trained with the U-Net.</summary>
    public FrozenTextEncoder? TextEncoder { get; init; }

    /// <summary>
    /// The paper's 16 x 8 x 750 on a small U-Net for a CPU. Widths, depth and schedule are not published and so are assumptions of ours:
    /// scaled-linear betas and v-prediction as in Tango, 20 steps of DDIM with trailing timesteps (Lin et al. 2023).
    /// </summary>
    public static GeneratorArchitecture Small { get; } = new(
        LatentLayout.SixteenChannels,
        new UNetConfig
        {
            SampleSize = [8, 750],
            InChannels = 16,
            OutChannels = 16,
            BlockOutChannels = [64, 128, 192],
            LayersPerBlock = [1],
            DownBlockTypes = ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
            UpBlockTypes = ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
            CrossAttentionDim = [T5Config.SmallByteLevel.DModel],
            AttentionHeadDim = [4],
            NormNumGroups = 16,
            ResnetTimeScaleShift = "scale_shift",
            ClassEmbedType = "projection",
            ProjectionClassEmbeddingsInputDim = 128,
        },
        T5Config.SmallByteLevel,
        new SamplerConfig
        {
            ClassName = "DDIMScheduler",
            BetaSchedule = BetaSchedule.ScaledLinear,
            BetaStart = 0.00085,
            BetaEnd = 0.012,
            PredictionType = PredictionType.VPrediction,
            TimestepSpacing = TimestepSpacing.Trailing,
        });

    /// <summary>The same networks on latents that are cut in another way.</summary>
    /// <param name="layout">How latents become the U-Net's image.</param>
    public GeneratorArchitecture On(LatentLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return this with
        {
            Layout = layout,
            UNet = UNet with { SampleSize = UNet.SampleSize is [_, var frames] ? [layout.Height, frames] : null, InChannels = layout.Channels, OutChannels = layout.Channels, ProjectionClassEmbeddingsInputDim = layout.Dimensions },
        };
    }

    /// <summary>The same on the captions of a published T5 encoder, which stays as it is (the paper's choice: Flan-T5).</summary>
    /// <param name="model">Its folder, or its name in the cache, such as google/flan-t5-base.</param>
    /// <param name="cache">The cache.</param>
    /// <exception cref="BadInputException">There is no such model.</exception>
    public GeneratorArchitecture WithTextEncoder(string model, HubCache cache)
    {
        ArgumentNullException.ThrowIfNull(cache);
        var width = T5Config.Read(Path.Combine(cache.Resolve(model), "config.json")).DModel;
        return this with { UNet = UNet with { CrossAttentionDim = [width] }, TextEncoder = FrozenTextEncoder.Of(model, cache) };
    }
}
