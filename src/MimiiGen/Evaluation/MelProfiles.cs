using MimiiGen.Audio;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>
/// Clips as their log-mel spectra averaged over time, in dB: made once, for how much clips differ from one another and how far
/// two sets are apart in each band. Settings of the DCASE detector: what it sees is what is compared. Disposing frees the tensor.
/// </summary>
public sealed class MelProfiles : IDisposable
{
    private MelProfiles(Tensor levels) => Levels = levels;

    /// <summary>(clips, 128): the mean level of each mel band in dB, float64.</summary>
    public Tensor Levels { get; }

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
        Tensor[] profiles = [.. clips.Select(c => logMel.Compute(c.Channel(0)).mean([0L], type: ScalarType.Float64))]; // each (128)
        return new MelProfiles(stack(profiles, 0).MoveToOuterDisposeScope()); // (clips, 128)
    }

    /// <summary>Mean level of this set minus that of another, band by band: (128) values in dB, the lowest band first.</summary>
    public double[] DifferenceTo(MelProfiles other)
    {
        ArgumentNullException.ThrowIfNull(other);
        using var scope = NewDisposeScope();
        return (Levels.mean([0L]) - other.Levels.mean([0L])).data<double>().ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => Levels.Dispose();
}
