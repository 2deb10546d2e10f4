using MimiiGen.Audio;

namespace MimiiGen.Evaluation;

/// <summary>How loud the clips of a set are, as a whole and in each octave band: averages over clips of levels in dB.</summary>
/// <param name="RmsDb">Level in dB relative to full scale.</param>
/// <param name="OctaveBandsDb">Level of each octave band; keys are the nominal centre frequencies 63, 125, ..., 8000 Hz, as far as the sample rate reaches.</param>
public sealed record AverageLevels(double RmsDb, IReadOnlyDictionary<int, double> OctaveBandsDb)
{
    private static readonly int[] NominalCentres = [63, 125, 250, 500, 1000, 2000, 4000, 8000];

    /// <summary>The levels of the first channels of clips of one sample rate.</summary>
    /// <exception cref="BadInputException">There are no clips, or rates differ.</exception>
    public static AverageLevels Of(IReadOnlyList<Waveform> clips)
    {
        ArgumentNullException.ThrowIfNull(clips);
        if (clips.Count == 0) throw new BadInputException("there are no clips to measure levels of");
        if (clips.Any(c => c.SampleRate != clips[0].SampleRate)) throw new BadInputException("clips of several sample rates can't be compared band by band: bring them to one");
        var bands = clips.SelectMany(c => Levels.OctaveBands(c.Channel(0), c.SampleRate))
            .GroupBy(b => NominalCentres.MinBy(n => Math.Abs(Math.Log(n / b.Centre))))
            .ToDictionary(g => g.Key, g => g.Average(b => b.Decibels));
        return new AverageLevels(clips.Average(c => Levels.Rms(c.Channel(0))), bands);
    }

    /// <summary>These levels minus others, in dB, in the bands both have.</summary>
    public AverageLevels Minus(AverageLevels other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new AverageLevels(
            RmsDb - other.RmsDb,
            OctaveBandsDb.Where(b => other.OctaveBandsDb.ContainsKey(b.Key)).ToDictionary(b => b.Key, b => b.Value - other.OctaveBandsDb[b.Key]));
    }
}
