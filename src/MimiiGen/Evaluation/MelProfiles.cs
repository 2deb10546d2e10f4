using MimiiGen.Audio;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>
/// Clips as their log-mel spectra averaged over time, in dB, and how much these change over time: made once, for how much clips differ from one another and how far
/// two sets are apart in each band. Settings of the DCASE detector: what it sees is what is compared. Disposing frees the tensors.
/// </summary>
public sealed class MelProfiles : IDisposable
{
    private MelProfiles(Tensor levels, Tensor variances) => (Levels, Variances) = (levels, variances);

    /// <summary>(clips, 128): the mean level of each mel band in dB, float64.</summary>
    public Tensor Levels { get; }

    /// <summary>(clips, 128): the variance over time of each mel band's level in dB², float64.</summary>
    public Tensor Variances { get; }

    /// <summary>
    /// How much the clips differ: the standard deviation over clips (divided by n - 1) of each band's level, averaged over the
    /// bands, in dB. A generator whose clips are all alike has nearly 0 here.
    /// </summary>
    /// <exception cref="BadInputException">There are fewer than two clips.</exception>
    public double Spread => Levels.shape[0] > 1
        ? Levels.std(0).mean().ToDouble()
        : throw new BadInputException("the spread between clips needs at least two of them");

    /// <summary>The profiles of the first channels of clips of one sample rate.</summary>
    /// <exception cref="BadInputException">There are no clips, rates differ, or one is too short or not a number.</exception>
    public static MelProfiles Of(IReadOnlyList<Waveform> clips)
    {
        ArgumentNullException.ThrowIfNull(clips);
        if (clips.Count == 0) throw new BadInputException("there are no clips to take mel levels of");
        if (clips.Any(c => c.SampleRate != clips[0].SampleRate)) throw new BadInputException("clips of several sample rates can't be compared band by band: bring them to one");
        using var scope = NewDisposeScope();
        var logMel = LogMel.Dcase(clips[0].SampleRate);
        var levels = new List<Tensor>();
        var variances = new List<Tensor>();
        foreach (var clip in clips)
        {
            using var inner = NewDisposeScope();
            var spectrum = logMel.Compute(clip.Channel(0)).to(ScalarType.Float64); // (frames, 128)
            levels.Add(spectrum.mean([0L]).MoveToOuterDisposeScope()); // (128)
            variances.Add(spectrum.var([0L], unbiased: false).MoveToOuterDisposeScope()); // (128)
        }

        return new MelProfiles(stack(levels, 0).MoveToOuterDisposeScope(), stack(variances, 0).MoveToOuterDisposeScope()); // (clips, 128)
    }

    /// <summary>Mean level of this set minus that of another, band by band: (128) values in dB, the lowest band first.</summary>
    public double[] DifferenceTo(MelProfiles other)
    {
        ArgumentNullException.ThrowIfNull(other);
        using var scope = NewDisposeScope();
        return (Levels.mean([0L]) - other.Levels.mean([0L])).data<double>().ToArray();
    }

    /// <summary>
    /// Variance over time of this set's clips over that of another's, means over clips, band by band: (128) values, 1 is alike. Below 1 the clips are smoother than the others,
    /// which is how generators that average over what they can't predict fail.
    /// </summary>
    public double[] VarianceRatioTo(MelProfiles other)
    {
        ArgumentNullException.ThrowIfNull(other);
        using var scope = NewDisposeScope();
        return (Variances.mean([0L]) / other.Variances.mean([0L])).data<double>().ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Levels.Dispose();
        Variances.Dispose();
    }
}
