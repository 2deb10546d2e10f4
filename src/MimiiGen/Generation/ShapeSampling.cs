using MimiiGen.Diffusion;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Generation;

/// <summary>
/// Samples the shapes of a batch of clips. Each clip's noise is its own (<see cref="ClipNoise"/>); clips longer than those of the training are denoised in
/// overlapping windows (<see cref="WindowedPrediction"/>).
/// </summary>
internal sealed class ShapeSampling(SoundModel model, Sampler sampler, Guidance guidance)
{
    private const double Overlap = 0.25;

    /// <param name="plans">Of one <see cref="ClipPlan.Form"/>.</param>
    /// <param name="progress">One report a step.</param>
    /// <param name="stop">Checked between steps.</param>
    /// <returns>(batch, rows, frames).</returns>
    public Tensor Run(IReadOnlyList<ClipPlan> plans, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        using var scope = NewDisposeScope();
        var layout = model.Config.Layout;
        ulong[] seeds = [.. plans.Select(p => p.Request.Seed)];
        long[] size = [layout.Channels, layout.Height, plans[0].Frames];
        var levels = Levels(plans); // (batch, rows)
        using var first = Guided([.. plans.Select(p => p.Caption)], levels);
        using var second = plans[0].Towards is null ? null : Guided([.. plans.Select(p => p.Towards!)], levels);
        var trained = model.Config.TrainedFrames;
        var windows = new WindowedPrediction((x, t) => Mixed(x, t, first, second, plans[0].Request.Towards?.Share ?? 0), trained, (int)(trained * Overlap));
        var clean = plans[0].Source is null ? null : layout.ToImage(stack(plans.Select(p => p.Source!.Shape))); // (batch, channels, height, frames)
        var spans = plans[0].Request.Edit is Filling ? Spans(plans) : null; // (batch, 1, 1, frames)
        var loop = new DenoisingLoop
        {
            Sampler = sampler,
            Predict = windows.Predict,
            Noise = draw => Noise(NoiseStreams.Step(draw)),
            AfterStep = spans is null ? null : Inpainting.Keep(sampler, clean!, Noise(NoiseStreams.Kept), spans),
            Progress = (done, total) => progress?.Report(new WorkProgress("sampling", done, total)),
        };
        var start = plans[0].Request.Edit is Variation
            ? sampler.AddNoise(clean!, Noise(NoiseStreams.Start), plans[0].FirstIndex)
            : Noise(NoiseStreams.Start) * sampler.StartFactor;
        var shapes = layout.ToLatents(loop.Run(start, plans[0].FirstIndex, stop)); // (batch, rows, frames)
        return (spans is null ? shapes : SpanLevel.Restore(shapes, spans[.., 0])).MoveToOuterDisposeScope();

        Tensor Noise(ulong stream) => ClipNoise.NormalBatch(seeds, stream, size).to(model.Device); // (batch, channels, height, frames)
    }

    private GuidedUNet Guided(IReadOnlyList<Text.CaptionEmbedding> captions, Tensor? levels)
    {
        return new GuidedUNet(model.UNet, guidance, Half(0), Half(1), levels);

        (Tensor States, Tensor? Mask) Half(int row) => // (batch, tokens, width), (batch, tokens)
            (cat([.. captions.Select(c => c.Embeddings.narrow(0, row, 1))]), cat([.. captions.Select(c => c.Mask.narrow(0, row, 1))]));
    }

    private Tensor? Levels(IReadOnlyList<ClipPlan> plans) => model.UNet.Config.ClassEmbedType is null
        ? null
        : stack(plans.Select(p => tensor(model.Levels.Describe(p.Levels), device: model.Device))); // (batch, rows)

    /// <summary>1 in the frames that are made anew: (batch, 1, 1, frames).</summary>
    private Tensor Spans(IReadOnlyList<ClipPlan> plans)
    {
        var rate = (double)model.Codec.Config.SamplingRate / model.Codec.Config.HopLength;
        return stack(plans.Select(p =>
        {
            var span = (Filling)p.Request.Edit!;
            return tensor([.. Enumerable.Range(0, p.Frames).Select(f => f + 1 > span.From * rate && f < span.To * rate ? 1f : 0f)], [1, 1, p.Frames], device: model.Device);
        }));
    }

    private static Tensor Mixed(Tensor sample, double timestep, GuidedUNet first, GuidedUNet? second, double share)
    {
        if (second is null) return first.Predict(sample, timestep);
        using var a = first.Predict(sample, timestep);
        using var b = second.Predict(sample, timestep);
        using var scope = NewDisposeScope();
        return (((1 - share) * a) + (share * b)).MoveToOuterDisposeScope(); // (batch, channels, height, frames)
    }
}
