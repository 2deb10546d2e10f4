using MimiiGen.Audio;
using MimiiGen.Diffusion;
using MimiiGen.Text;

namespace MimiiGen.Generation;

/// <summary>A request worked out for a model: everything that sampling and finishing need, before any step.</summary>
internal sealed class ClipPlan : IDisposable
{
    /// <param name="model">The model.</param>
    /// <param name="sampler">Has the table that a variation begins within.</param>
    /// <param name="request">Has been checked.</param>
    /// <param name="condition">Whose levels it takes.</param>
    /// <param name="towards">The condition it goes towards, if there is one.</param>
    public ClipPlan(SoundModel model, Sampler sampler, ClipRequest request, int condition, int? towards)
    {
        Request = request;
        Frames = Math.Max(1, (int)Math.Ceiling(request.Seconds * model.Codec.Config.SamplingRate / model.Codec.Config.HopLength));
        Caption = model.Text.Encode([request.Caption, request.Negative ?? ""]);
        Towards = request.Towards is { } blend ? model.Text.Encode([blend.Caption, request.Negative ?? ""]) : null;
        (Levels, Texture) = Drawn(condition);
        if (towards is { } second)
        {
            var (levels, texture) = Drawn(second);
            Levels = Mixed(Levels, levels, request.Towards!.Share);
            Texture = Mixed(Texture, texture, request.Towards.Share);
        }

        if (request.Edit is null) return;
        Source = new EncodedSource(model, request.Edit.Source, request.Seconds, Frames, usual: request.Edit is Filling);
        var strength = (request.Edit as Variation)?.Strength;
        Levels = Mixed(Source.Levels, Levels, strength ?? 0);
        Texture = Mixed(Source.Texture, Texture, strength ?? 0);
        if (strength is null) return;
        FirstIndex = sampler.StartIndex(strength.Value);
        if (FirstIndex >= sampler.Timesteps.Count) throw new BadInputException($"strength {strength} of {sampler.Timesteps.Count} steps leaves no step: give a larger one, or more steps");

        (float[] Levels, FineTexture? Texture) Drawn(int known) => model.Levels.Draw(known, model.Config.Conditions[known].Metadata.Anomaly, request.Seed);
    }

    public ClipRequest Request { get; }

    /// <summary>Latent frames.</summary>
    public int Frames { get; }

    /// <summary>States of the caption and of the negative one: (2, tokens, width).</summary>
    public CaptionEmbedding Caption { get; }

    /// <summary>The same of the second caption; null where there is none.</summary>
    public CaptionEmbedding? Towards { get; }

    /// <summary>As of <see cref="ConditionLevels"/>: (1 + rows + bands).</summary>
    public float[] Levels { get; }

    /// <summary>Null where the model, or the recording, has none.</summary>
    public FineTexture? Texture { get; }

    /// <summary>The given recording; null for a clip from nothing.</summary>
    public EncodedSource? Source { get; }

    /// <summary>Where the sampling begins in the sampler's table.</summary>
    public int FirstIndex { get; }

    /// <summary>Plans of equal form can be sampled in one batch.</summary>
    public object Form => (Frames, Caption.Mask.shape[1], Towards?.Mask.shape[1], Request.Towards?.Share, FirstIndex, Request.Edit?.GetType());

    public void Dispose()
    {
        Caption.Dispose();
        Towards?.Dispose();
        Source?.Dispose();
    }

    private static float[] Mixed(float[] first, float[] second, double share) => [.. first.Zip(second, (a, b) => (float)(a + (share * (b - a))))];

    private static FineTexture? Mixed(FineTexture? first, FineTexture? second, double share)
    {
        if (first is null || second is null) return null;
        return new(Mixed(first.Spectrum, second.Spectrum, share), first.Variation is { } a && second.Variation is { } b ? Mixed(a, b, share) : null);
    }
}
