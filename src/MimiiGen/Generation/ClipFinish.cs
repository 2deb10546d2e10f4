using MimiiGen.Audio;
using MimiiGen.Diffusion;

namespace MimiiGen.Generation;

/// <summary>From the codec's samples to the clip: the recordings' rate, noise where the latents told no waveform, the levels of bands and whole, what is kept of a given recording.</summary>
internal static class ClipFinish
{
    private const double FadeSeconds = 0.02;

    /// <param name="plan">Of the clip.</param>
    /// <param name="decoded">One channel at the codec's rate.</param>
    /// <param name="from">That rate in Hz.</param>
    /// <param name="to">The clip's rate in Hz.</param>
    /// <param name="noiseAbove">Frequency in Hz from which on the decoded sound is noise of a right level alone; null where it is right everywhere.</param>
    /// <param name="exact">Whether the clip is long enough that its fine texture is a property of it and not of the moment.</param>
    public static Waveform Run(ClipPlan plan, float[] decoded, int from, int to, double? noiseAbove, bool exact)
    {
        var all = KaiserResampler.Steep.Resample(decoded, from, to);
        ReadOnlySpan<float> resampled = all.AsSpan(0, Math.Min(all.Length, (int)Math.Round(plan.Request.Seconds * to)));
        if (noiseAbove is { } above) resampled = Substituted(resampled, to, above, plan.Request.Seed);
        if (exact && plan.Texture is { } texture) resampled = texture.Impose(resampled, to, count => ClipNoise.Normal(plan.Request.Seed, NoiseStreams.Events, count));
        var bands = plan.Levels.AsSpan(plan.Levels.Length - SpectralEnvelope.Bands);
        var clip = SpectralEnvelope.Impose(resampled, to, bands); // what the codec's latents don't carry, the latents can't know
        if (plan.Request.Edit is Filling span) Paste(clip, plan.Source!.Samples, (int)Math.Round(span.From * to), (int)Math.Round(span.To * to), (int)(FadeSeconds * to));
        else Scale(clip, plan.Levels[0] - Levels.Rms(clip));
        return Waveform.Mono(clip, to);
    }

    /// <summary>With noise that follows from a seed in the place of what a codec's latents tell only the level of.</summary>
    /// <param name="samples">One channel.</param>
    /// <param name="sampleRate">In Hz.</param>
    /// <param name="above">Frequency in Hz (<see cref="Codec.EncodecConfig.NoiseAbove"/>).</param>
    /// <param name="seed">The clip's.</param>
    public static float[] Substituted(ReadOnlySpan<float> samples, int sampleRate, double above, ulong seed) =>
        NoiseSubstitution.Run(samples, sampleRate, above, count => ClipNoise.Normal(seed, NoiseStreams.Substitution, count));

    /// <summary>The recording before and after the span, the clip within, at the level that its kept part has in the recording; faded in what is kept.</summary>
    private static void Paste(float[] clip, float[] recording, int first, int end, int fade)
    {
        var kept = Math.Min(clip.Length, recording.Length);
        end = Math.Min(end, clip.Length);
        Scale(clip, Power(recording) - Power(clip));
        for (var i = 0; i < kept; i++)
        {
            if (i >= first && i < end) continue;
            var away = i < first ? first - i : i - end + 1; // samples from the span
            var share = away >= fade ? 0 : 0.5 * (1 + Math.Cos(Math.PI * away / fade));
            clip[i] = (float)((share * clip[i]) + ((1 - share) * recording[i]));
        }

        double Power(float[] samples)
        {
            float[] outside = [.. samples.AsSpan(0, Math.Min(first, kept)), .. end < kept ? samples.AsSpan(end, kept - end) : []];
            return Levels.Rms(outside);
        }
    }

    private static void Scale(float[] clip, double decibels)
    {
        var gain = (float)Math.Pow(10, decibels / 20);
        for (var i = 0; i < clip.Length; i++) clip[i] *= gain;
    }
}
