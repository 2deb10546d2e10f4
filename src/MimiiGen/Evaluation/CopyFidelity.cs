using MimiiGen.Audio;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>How near copies of clips come to them; each figure is computed clip by clip and averaged over the clips.</summary>
/// <param name="SnrDb">Signal-to-noise ratio of the waveform in dB.</param>
/// <param name="LevelErrorDb">Absolute error of the level in dB.</param>
/// <param name="BandErrorDb">Absolute error of the level of each octave band in dB; keys are the nominal centre frequencies in Hz.</param>
/// <param name="LogMelErrorDb">Absolute error of the log-mel spectrogram in dB (front end of the DCASE detector), averaged over bands and frames.</param>
public sealed record CopyFidelity(double SnrDb, double LevelErrorDb, IReadOnlyDictionary<int, double> BandErrorDb, double LogMelErrorDb)
{
    /// <summary>Compares the first channels of clips with those of their copies, in the same order, of the same rate and length.</summary>
    /// <exception cref="BadInputException">There are no clips.</exception>
    public static CopyFidelity Of(IReadOnlyList<Waveform> originals, IReadOnlyList<Waveform> copies)
    {
        ArgumentNullException.ThrowIfNull(originals);
        ArgumentNullException.ThrowIfNull(copies);
        if (originals.Count == 0) throw new BadInputException("there are no clips to compare copies with");
        var logMel = LogMel.Dcase(originals[0].SampleRate);
        CopyFidelity[] each = [.. originals.Zip(copies, (original, copy) => Of(original, copy, logMel))];
        return new CopyFidelity(
            each.Average(c => c.SnrDb),
            each.Average(c => c.LevelErrorDb),
            each[0].BandErrorDb.Keys.ToDictionary(band => band, band => each.Average(c => c.BandErrorDb[band])),
            each.Average(c => c.LogMelErrorDb));
    }

    private static CopyFidelity Of(Waveform original, Waveform copy, LogMel logMel)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (tensor(original.Channel(0), ScalarType.Float64), tensor(copy.Channel(0), ScalarType.Float64)); // (samples)
        var noise = (a - b).square().sum().ToDouble();
        var difference = AverageLevels.Of([copy]).Minus(AverageLevels.Of([original]));
        return new CopyFidelity(
            10 * Math.Log10(a.square().sum().ToDouble() / Math.Max(noise, double.Epsilon)),
            Math.Abs(difference.RmsDb),
            difference.OctaveBandsDb.ToDictionary(band => band.Key, band => Math.Abs(band.Value)),
            (logMel.Compute(original.Channel(0)) - logMel.Compute(copy.Channel(0))).abs().mean().ToDouble());
    }
}
