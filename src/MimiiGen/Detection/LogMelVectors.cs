using MimiiGen.Audio;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Detection;

/// <summary>
/// The features of the DCASE baseline: five successive frames of a 128-band log-mel spectrum (dB) side by side make one
/// vector of 640 values, one vector a frame.
/// </summary>
public sealed class LogMelVectors
{
    /// <summary>Successive frames in a vector.</summary>
    public const int Frames = 5;

    private readonly LogMel logMel;
    private readonly int fewestSamples;

    /// <summary>Features of the DCASE baseline for clips of one sample rate (Hz).</summary>
    public LogMelVectors(int sampleRate)
        : this(LogMel.Dcase(sampleRate))
    {
    }

    private LogMelVectors(LogMel logMel)
    {
        this.logMel = logMel;
        for (fewestSamples = logMel.ShortestInput; logMel.Frames(fewestSamples) < Frames;) fewestSamples++;
    }

    /// <summary>Features of the MIMII paper's baseline: 64 bands, vectors of 320 values.</summary>
    public static LogMelVectors Mimii2019(int sampleRate) => new(LogMel.Mimii2019(sampleRate));

    /// <summary>The sample rate of the clips, in Hz.</summary>
    public int SampleRate => logMel.SampleRate;

    /// <summary>Mel bands: values a frame.</summary>
    public int Mels => logMel.Mels;

    /// <summary>The log-mel spectrum of a clip's first channel: (frames, mels) in dB.</summary>
    /// <exception cref="BadInputException">The clip is of another rate, too short for one vector, silent throughout, or not a number.</exception>
    public Tensor Spectrum(Waveform clip)
    {
        ArgumentNullException.ThrowIfNull(clip);
        if (clip.SampleRate != SampleRate) throw new BadInputException($"a clip has {clip.SampleRate} Hz where the detector was made for {SampleRate} Hz: bring all clips to one rate");
        var samples = clip.Channel(0);
        WaveformCheck.Of(samples, fewestSamples).Require("a clip for the detector");
        return logMel.Compute(samples);
    }

    /// <summary>The vectors of a clip: (frames - 4, 640).</summary>
    /// <exception cref="BadInputException">As <see cref="Spectrum"/>.</exception>
    public Tensor Of(Waveform clip)
    {
        using var scope = NewDisposeScope();
        var spectrum = Spectrum(clip); // (frames, mels)
        return spectrum.unfold(0, Frames, 1) // (frames - 4, mels, 5)
            .transpose(1, 2) // (frames - 4, 5, mels)
            .reshape(-1, Frames * Mels)
            .MoveToOuterDisposeScope(); // (frames - 4, 640)
    }

    /// <summary>The one sample rate of clips.</summary>
    /// <exception cref="BadInputException">There are no clips, or several rates.</exception>
    internal static int RateOf(IReadOnlyList<Waveform> clips)
    {
        ArgumentNullException.ThrowIfNull(clips);
        int[] rates = [.. clips.Select(c => c.SampleRate).Distinct()];
        return rates.Length switch
        {
            0 => throw new BadInputException("there are no normal clips to fit a detector to"),
            1 => rates[0],
            _ => throw new BadInputException($"the normal clips differ in sample rate ({string.Join(", ", rates)} Hz): bring them to one"),
        };
    }
}
