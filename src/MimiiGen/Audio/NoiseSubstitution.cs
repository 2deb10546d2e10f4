using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Audio;

/// <summary>
/// Puts new noise in the place of what a clip has above a frequency, as loud as that was within a second and of the spectrum that it had within two; moments that stand out of their surroundings,
/// clicks and blows, stay as they are. It is for codecs that have too few latents for the waveform up there: what they give back has the right level, but patterns in time that no noise of a machine has
/// (perceptual noise substitution: Schulz 1996, "Improving audio codecs by noise substitution", J. Audio Eng. Soc. 44(7/8)).
/// </summary>
/// <remarks>
/// In frames of about 64 ms, a quarter of it apart, under a Hann window. With P the power of a bin and S its mean over a second before and after and three bins, the level of a frame is the mean
/// of P / S over the bins, and the noise has the power S times the median level of the second around it, which follows a machine that is switched on. Where the level is more than 1.5 dB off that
/// median, the frame is kept in part, from 3 dB on wholly, and so are four frames before and after; what is kept is left out of S, which is computed twice.
/// </remarks>
public static class NoiseSubstitution
{
    private const double WindowSeconds = 0.064;
    private const double SurroundingSeconds = 1; // before and after
    private const int BinsSmoothed = 3;
    private const double KeptFrom = 1.5; // dB
    private const double KeptWholly = 3;
    private const int KeptAround = 4; // frames
    private const int FramesAtOnce = 2048; // 33 s; of a longer clip no more is worked on at once
    private const int FramesAround = 256; // 4 s, more than a frame's share depends on
    private const float Tiny = 1e-20f;

    /// <summary>The clip with noise above a frequency.</summary>
    /// <param name="samples">One channel; what is no longer than a window stays as it is.</param>
    /// <param name="sampleRate">In Hz.</param>
    /// <param name="above">Frequency in Hz from which on there is noise; at half the sample rate and above all stays as it is.</param>
    /// <param name="noise">Gives so many standard normal numbers, float32 on the CPU.</param>
    /// <returns>As many samples.</returns>
    public static float[] Run(ReadOnlySpan<float> samples, int sampleRate, double above, Func<int, Tensor> noise)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRate);
        ArgumentOutOfRangeException.ThrowIfNegative(above);
        ArgumentNullException.ThrowIfNull(noise);
        var frames = HannFrames.Lasting(WindowSeconds, sampleRate);
        var first = (int)Math.Ceiling(above / sampleRate * frames.Length);
        if (samples.Length <= frames.Length || first > frames.Length / 2) return samples.ToArray();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var clip = frames.Padded(samples); // (padded)
        var other = noise((int)clip.numel()); // (padded)
        var sum = zeros(clip.shape); // (padded)
        var count = frames.Count(clip);
        for (var from = 0; from < count; from += FramesAtOnce)
        {
            using var stretch = NewDisposeScope();
            var end = Math.Min(from + FramesAtOnce, count);
            var before = Math.Max(0, from - FramesAround);
            var powers = view_as_real(frames.Spectra(clip, before, Math.Min(end + FramesAround, count))[.., first..]).square().sum(-1); // (frames, bins above)
            var (own, gains) = Shares(powers, (double)sampleRate / frames.Hop); // (frames, 1), (frames, bins above)
            var spectra = frames.Spectra(clip, from, end); // (frames, bins)
            var added = frames.Spectra(other, from, end)[.., first..] * gains.narrow(0, from - before, end - from).div_(Math.Sqrt(frames.WindowPower)); // (frames, bins above)
            spectra[.., first..].mul_(own.narrow(0, from - before, end - from)).add_(added);
            frames.Add(sum, spectra, from);
        }

        return frames.Cut(sum, samples.Length);
    }

    /// <summary>Amplitudes: what each frame keeps of itself, (frames, 1), and how large its noise is in each bin, (frames, bins).</summary>
    /// <param name="power">(frames, bins).</param>
    /// <param name="perSecond">Frames.</param>
    private static (Tensor Own, Tensor Noise) Shares(Tensor power, double perSecond)
    {
        using var scope = NewDisposeScope();
        var (_, kept) = Outstanding(power, Surroundings(power, zeros(power.shape[0], 1), perSecond), perSecond); // (frames, 1)
        var around = Surroundings(power, kept, perSecond); // (frames, bins)
        (var level, kept) = Outstanding(power, around, perSecond); // (frames, 1) each
        return (kept.sqrt().MoveToOuterDisposeScope(), around.mul_(level * (1 - kept)).sqrt_().MoveToOuterDisposeScope());
    }

    /// <summary>Mean power around each frame of what isn't kept: (frames, bins).</summary>
    private static Tensor Surroundings(Tensor power, Tensor kept, double perSecond)
    {
        using var scope = NewDisposeScope();
        var weights = 1 - kept + 1e-6; // (frames, 1)
        Tensor means;
        using (var weighted = (power * weights).t()) means = Mean(weighted).div_(Mean(weights.t())); // (bins, frames)
        means = nn.functional.avg_pool1d(means.t().unsqueeze(0), BinsSmoothed, 1, BinsSmoothed / 2, count_include_pad: false)[0]; // (frames, bins)
        return means.MoveToOuterDisposeScope();

        Tensor Mean(Tensor values)
        {
            var reach = (int)Math.Round(SurroundingSeconds * perSecond);
            return nn.functional.avg_pool1d(values.unsqueeze(0), (2 * reach) + 1, 1, reach)[0];
        }
    }

    /// <summary>The median level around each frame, and how much of the frame is kept, as power, 0 to 1: (frames, 1) each.</summary>
    private static (Tensor Level, Tensor Kept) Outstanding(Tensor power, Tensor surroundings, double perSecond)
    {
        using var scope = NewDisposeScope();
        var levels = (power + Tiny).div_(surroundings + Tiny).mean([1]).data<float>().ToArray(); // (frames)
        var reach = (int)Math.Round(SurroundingSeconds * perSecond / 2);
        var medians = new float[levels.Length];
        var outstanding = new float[levels.Length];
        for (var t = 0; t < levels.Length; t++)
        {
            var around = levels[Math.Max(0, t - reach)..Math.Min(levels.Length, t + reach + 1)];
            Array.Sort(around);
            medians[t] = around[around.Length / 2];
            var difference = Math.Abs(10 * Math.Log10(levels[t] / medians[t]));
            outstanding[t] = (float)Math.Clamp((difference - KeptFrom) / (KeptWholly - KeptFrom), 0, 1);
        }

        var grown = nn.functional.max_pool1d(tensor(outstanding, [1, 1, levels.Length]), (2 * KeptAround) + 1, 1, KeptAround); // (1, 1, frames)
        var kept = nn.functional.avg_pool1d(grown, 3, 1, 1, count_include_pad: false).reshape(-1, 1); // (frames, 1)
        return (tensor(medians, [medians.Length, 1]).MoveToOuterDisposeScope(), kept.MoveToOuterDisposeScope());
    }
}
