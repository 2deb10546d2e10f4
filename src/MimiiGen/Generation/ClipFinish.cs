using MimiiGen.Audio;

namespace MimiiGen.Generation;

/// <summary>From the codec's samples to the clip: the recordings' rate, the levels of bands and whole, what is kept of a given recording.</summary>
internal static class ClipFinish
{
    private const double FadeSeconds = 0.02;

    /// <param name="plan">Of the clip.</param>
    /// <param name="decoded">One channel at the codec's rate.</param>
    /// <param name="from">That rate in Hz.</param>
    /// <param name="to">The clip's rate in Hz.</param>
    public static Waveform Run(ClipPlan plan, float[] decoded, int from, int to)
    {
        var length = (int)Math.Round(plan.Request.Seconds * to);
        var resampled = KaiserResampler.Steep.Resample(decoded, from, to).AsSpan();
        var bands = plan.Levels.AsSpan(plan.Levels.Length - SpectralEnvelope.Bands);
        var clip = SpectralEnvelope.Impose(resampled[..Math.Min(length, resampled.Length)], to, bands); // what the codec's latents don't carry, the latents can't know
        if (plan.Request.Edit is Filling span) Paste(clip, plan.Source!.Samples, (int)Math.Round(span.From * to), (int)Math.Round(span.To * to), (int)(FadeSeconds * to));
        else Scale(clip, plan.Levels[0] - Levels.Rms(clip));
        return Waveform.Mono(clip, to);
    }

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
