using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>
/// The U-Net as a sampler's model for one batch of clips: captions with guidance, both halves in one call, the captions' keys and values
/// computed once. Use it inside <c>no_grad</c> or <c>inference_mode</c>.
/// </summary>
public sealed class GuidedUNet : IDisposable
{
    private readonly UNet2DConditionModel unet;
    private readonly Guidance guidance;
    private readonly CrossAttentionContext captionContext;
    private readonly CrossAttentionContext bothContext;
    private readonly Tensor bothStates;
    private readonly Tensor? bothMask;
    private readonly Tensor? classLabels, bothClassLabels;

    /// <summary>Prepares the captions of a batch.</summary>
    /// <param name="unet">The network.</param>
    /// <param name="guidance">How far to follow the captions.</param>
    /// <param name="caption">The captions' states and masks.</param>
    /// <param name="empty">States and masks of the empty or negative captions, padded to the same number of tokens.</param>
    /// <param name="classLabels">The clips' vectors, if the network takes any (batch, length); both halves see them.</param>
    public GuidedUNet(
        UNet2DConditionModel unet,
        Guidance guidance,
        (Tensor States, Tensor? Mask) caption,
        (Tensor States, Tensor? Mask) empty,
        Tensor? classLabels = null)
    {
        if ((caption.Mask is null) != (empty.Mask is null)) throw new ArgumentException("give both halves a mask, or neither", nameof(empty));
        this.unet = unet;
        this.guidance = guidance;
        this.classLabels = classLabels;
        bothStates = cat([empty.States, caption.States]).DetachFromDisposeScope(); // (2 batch, tokens, width), empty first
        bothMask = caption.Mask is null ? null : cat([empty.Mask!, caption.Mask]).DetachFromDisposeScope(); // (2 batch, tokens)
        bothClassLabels = classLabels is null ? null : cat([classLabels, classLabels]).DetachFromDisposeScope(); // (2 batch, length)
        captionContext = new CrossAttentionContext(caption.States, caption.Mask, keepKeysAndValues: true);
        bothContext = new CrossAttentionContext(bothStates, bothMask, keepKeysAndValues: true);
    }

    /// <summary>The guided prediction for a sample (batch, channels, height, width); one call of the network.</summary>
    public Tensor Predict(Tensor sample, double timestep)
    {
        ArgumentNullException.ThrowIfNull(sample);
        using var scope = NewDisposeScope();
        var t = tensor((float)timestep, device: sample.device);
        if (!guidance.ActsAt(timestep)) return unet.forward(sample, t, captionContext, classLabels).MoveToOuterDisposeScope();
        var halves = unet.forward(cat([sample, sample]), t, bothContext, bothClassLabels).chunk(2); // 2 x (batch, channels, height, width)
        return guidance.Combine(halves[0], halves[1]).MoveToOuterDisposeScope();
    }

    /// <summary>Frees what was prepared; the given tensors stay the caller's.</summary>
    public void Dispose()
    {
        captionContext.Dispose();
        bothContext.Dispose();
        bothStates.Dispose();
        bothMask?.Dispose();
        bothClassLabels?.Dispose();
    }
}
