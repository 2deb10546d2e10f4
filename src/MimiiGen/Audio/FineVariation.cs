using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Audio;

/// <summary>
/// How much the levels of a clip's narrow bands change over time, which tells what hums all through it from what whistles now and then, where their spectra are the same; and the filter that
/// gives a clip other such changes. One of the statistics of texture synthesis (McDermott and Simoncelli 2011, "Sound texture perception via statistics of the auditory periphery").
/// </summary>
/// <remarks>
/// In frames of 250 ms, a quarter of it apart, under a Hann window. The level of a band (triangles every 8 Hz that overlap by half) in dB, less the mean level of the bands within 400 Hz, so that a blow
/// through all bands is not counted; of that the standard deviation over the frames. White noise has 3.4 dB, give or take .26 with 10 s, a steady tone near 1 dB.
/// </remarks>
public static class FineVariation
{
    private const double WindowSeconds = 0.25;
    private const double ShortestSeconds = 2;
    private const int BandsAround = 50; // on either side
    private const int FramesAtOnce = 512; // 32 s; of a longer clip no more spectra are held at once
    private const double Steady = 2.75; // dB; what lies between these two is noise
    private const double Unsteady = 5.2;
    private const int Passes = 2;
    private const double LargestFactor = 2; // of one pass: four times steadier or less steady in all
    private const double LargestGain = 30; // dB
    private const double EventSeconds = 0.16; // standard deviation of their smoothing over time, as recordings have it: half like itself after 0.25 s
    private const double EventBands = 3; // and across bands
    private const double Reach = 3; // standard deviations, as far as either goes
    private const double EventThreshold = 2; // standard deviations: a band has an event for 2 % of the time
    private const double EventMean = 0.0084907; // of max(0, z - threshold), z standard normal
    private const double EventDeviation = 0.0754758; // its standard deviation
    private const double Tiny = 1e-20;

    /// <summary>Number of bands: one every 8 Hz from 0 Hz to half the sample rate.</summary>
    /// <param name="sampleRate">In Hz.</param>
    public static int Bands(int sampleRate) => (At(sampleRate).Length / 4) + 1;

    /// <summary>Whether a clip is long enough, 2 s, for its changes to be measured.</summary>
    /// <param name="samples">Its samples.</param>
    /// <param name="sampleRate">In Hz.</param>
    public static bool Fits(int samples, int sampleRate) => samples >= ShortestSeconds * sampleRate;

    /// <summary>Standard deviation over time of each band's level in dB: (bands).</summary>
    /// <param name="samples">As many as <see cref="Fits"/> asks for.</param>
    /// <param name="sampleRate">In Hz.</param>
    public static float[] Measure(ReadOnlySpan<float> samples, int sampleRate)
    {
        using var scope = NewDisposeScope();
        var frames = At(sampleRate);
        return [.. Deviation(Courses(frames, frames.Padded(samples), null)).data<float>()];
    }

    /// <summary>
    /// The clip, with the levels of bands that are steadier or less steady than noise changing as much as is wanted. What is to be steadier, or less steady than it is already, is brought nearer to its mean
    /// or farther away; what is to come and go is first given events of its own, chosen by the noise. Other bands stay as they are.
    /// </summary>
    /// <param name="samples">As many as <see cref="Fits"/> asks for.</param>
    /// <param name="sampleRate">In Hz.</param>
    /// <param name="variation">Wanted standard deviations in dB: (bands).</param>
    /// <param name="noise">Gives so many standard normal numbers, float32 on the CPU.</param>
    /// <returns>As many samples.</returns>
    public static float[] Impose(ReadOnlySpan<float> samples, int sampleRate, ReadOnlySpan<float> variation, Func<int, Tensor> noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        ArgumentOutOfRangeException.ThrowIfNotEqual(variation.Length, Bands(sampleRate));
        long[] bands = [.. Varied(variation)];
        if (bands.Length == 0) return samples.ToArray();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var frames = At(sampleRate);
        var picked = tensor(bands); // (picked)
        var wanted = tensor(variation.ToArray()).index_select(0, picked); // (picked)
        var unsteady = wanted > Unsteady; // (picked)
        var clip = samples.ToArray();
        for (var pass = 0; pass < Passes; pass++)
        {
            using var step = NewDisposeScope();
            var padded = frames.Padded(clip); // (padded)
            var courses = Courses(frames, padded, picked); // (frames, picked)
            courses.sub_(courses.mean([0]));
            var own = Deviation(courses); // (picked)
            var gains = courses * ((wanted / (own + Tiny)).clamp_(1 / LargestFactor, LargestFactor) - 1); // (frames, picked)
            if (pass == 0 && unsteady.any().ToBoolean()) gains = where(unsteady, (wanted.square() - own.square()).clamp_min_(0).sqrt_() * Events(noise, (int)courses.shape[0], picked, variation.Length, EventSeconds * sampleRate / frames.Hop), gains);
            clip = Filtered(frames, padded, gains.clamp_(-LargestGain, LargestGain), picked, variation.Length, samples.Length);
        }

        return clip;
    }

    private static HannFrames At(int sampleRate) => HannFrames.Lasting(WindowSeconds, sampleRate);

    /// <summary>The bands that are not as noise is; without the two at the ends, whose bins are real numbers.</summary>
    private static List<long> Varied(ReadOnlySpan<float> variation)
    {
        var bands = new List<long>();
        for (var b = 1; b < variation.Length - 1; b++)
            if (variation[b] is < (float)Steady or > (float)Unsteady)
                bands.Add(b);
        return bands;
    }

    /// <summary>Level of each band in each frame, less that of the bands around: (frames, bands), or (frames, picked).</summary>
    private static Tensor Courses(HannFrames frames, Tensor padded, Tensor? picked)
    {
        using var scope = NewDisposeScope();
        var count = frames.Count(padded);
        var parts = new List<Tensor>();
        for (var from = 0; from < count; from += FramesAtOnce)
        {
            using var stretch = NewDisposeScope();
            var power = view_as_real(frames.Spectra(padded, from, Math.Min(from + FramesAtOnce, count))).square().sum(-1); // (frames, bins)
            var levels = power[.., TensorIndex.Slice(0, null, 2)].clone(); // (frames, bands)
            var between = power[.., TensorIndex.Slice(1, null, 2)] * 0.5; // (frames, bands - 1)
            levels[.., ..^1].add_(between);
            levels[.., 1..].add_(between);
            levels.add_(Tiny).log10_().mul_(10);
            levels.sub_(nn.functional.avg_pool1d(levels.unsqueeze(0), (2 * BandsAround) + 1, 1, BandsAround, count_include_pad: false)[0]);
            parts.Add((picked is null ? levels : levels.index_select(1, picked)).MoveToOuterDisposeScope());
        }

        return cat(parts).MoveToOuterDisposeScope();
    }

    /// <summary>(frames, bands) to (bands).</summary>
    private static Tensor Deviation(Tensor courses) => courses.std(0, unbiased: false);

    /// <summary>Courses of mean 0 and deviation 1 of what comes and goes, nothing for most of the time: noise, smoothed over time and across bands, where it is above a threshold: (frames, picked).</summary>
    /// <param name="noise">Gives the noise.</param>
    /// <param name="frames">How many.</param>
    /// <param name="picked">Which bands: (picked).</param>
    /// <param name="bands">Of how many.</param>
    /// <param name="smoothed">Standard deviation of the smoothing over time in frames.</param>
    private static Tensor Events(Func<int, Tensor> noise, int frames, Tensor picked, int bands, double smoothed)
    {
        using var scope = NewDisposeScope();
        var reach = (int)(Reach * smoothed);
        var across = Curve(picked.unsqueeze(0) - arange(bands).unsqueeze(1), EventBands); // (bands, picked)
        var fresh = matmul(noise((frames + (2 * reach)) * bands).reshape(-1, bands), across); // (frames + 2 reach, picked)
        var over = Curve(arange(-reach, reach + 1).unsqueeze(1), smoothed).data<float>().ToArray();
        var courses = zeros(frames, picked.numel()); // (frames, picked)
        for (var t = 0; t < over.Length; t++) courses.add_(fresh.narrow(0, t, frames), alpha: over[t]);
        return courses.sub_(EventThreshold).clamp_min_(0).sub_(EventMean).div_(EventDeviation).MoveToOuterDisposeScope();
    }

    /// <summary>A normal curve of distances, nothing beyond <see cref="Reach"/>; each column's squares add to 1, so that what it smooths keeps its deviation.</summary>
    private static Tensor Curve(Tensor distances, double deviation)
    {
        using var scope = NewDisposeScope();
        var squares = (distances.to(ScalarType.Float32) / deviation).square(); // (distances, columns)
        var weights = squares.mul(-0.5).exp_().masked_fill_(squares > Reach * Reach, 0);
        return (weights / weights.square().sum(0, keepdim: true).sqrt_()).MoveToOuterDisposeScope();
    }

    /// <summary>The clip under gains in dB of some of its bands; between bands' centres straight lines.</summary>
    private static float[] Filtered(HannFrames frames, Tensor padded, Tensor gains, Tensor picked, int bands, int samples)
    {
        using var scope = NewDisposeScope();
        var sum = zeros(padded.shape); // (padded)
        for (var from = 0; from < gains.shape[0]; from += FramesAtOnce)
        {
            using var stretch = NewDisposeScope();
            var end = (int)Math.Min(from + FramesAtOnce, gains.shape[0]);
            var decibels = zeros(end - from, bands).index_copy_(1, picked, gains.narrow(0, from, end - from)); // (frames, bands)
            var factors = nn.functional.interpolate(decibels.unsqueeze(0), [(2L * bands) - 1], mode: InterpolationMode.Linear, align_corners: true)[0].mul_(Math.Log(10) / 20).exp_(); // (frames, bins)
            frames.Add(sum, frames.Spectra(padded, from, end).mul_(factors), from);
        }

        return frames.Cut(sum, samples);
    }
}
