using System.Numerics;
using static TorchSharp.torch;

namespace MimiiGen.Audio;

/// <summary>
/// Log-mel spectra under the settings of published detectors and embedding networks. Window and filter bank are made once;
/// the arithmetic is float64 inside, so that a result doesn't depend on the machine's float32 kernels. Safe for several threads.
/// </summary>
public sealed class LogMel
{
    private const double MachineEpsilon = 2.220446049250313e-16; // of float64

    private readonly Stft stft;
    private readonly MelFrames spectrum;
    private readonly double preemphasis; // 0: none
    private readonly int zeros; // before the first sample and behind the last, of a spectrum that isn't centred

    private LogMel(
        int sampleRate,
        Stft stft,
        double[,] bank,
        Func<Vector<double>, Vector<double>> compress,
        double preemphasis = 0,
        int zeros = 0,
        bool magnitude = false)
    {
        SampleRate = sampleRate;
        this.stft = stft;
        spectrum = new MelFrames(stft.FftLength, stft.HopLength, stft.Window, bank, magnitude, compress);
        this.preemphasis = preemphasis;
        this.zeros = zeros;
    }

    /// <summary>Rate in Hz that <see cref="Compute"/> takes its samples to have.</summary>
    public int SampleRate { get; }

    /// <summary>Number of mel bands.</summary>
    public int Mels => spectrum.Mels;

    /// <summary>The fewest samples that give a frame.</summary>
    public int ShortestInput => stft.ShortestInput - SamplesAdded;

    private int SamplesAdded => (2 * zeros) - (preemphasis > 0 ? 1 : 0);

    /// <summary>The DCASE baselines: 1024/512, centred on zeros, 128 Slaney bands to Nyquist, 10 log10(max(power, eps)) in dB.</summary>
    public static LogMel Dcase(int sampleRate = 16000) => new(
        sampleRate,
        new Stft(1024, 512, StftPadding.Zeros),
        MelBank.InHertz(sampleRate, 1024, 128, 0, sampleRate / 2.0, MelScale.Slaney, equalArea: true),
        mel => ToDecibels(Vector.Max(mel, new Vector<double>(MachineEpsilon))));

    /// <summary>The baseline of the MIMII paper (2019): as <see cref="Dcase"/> with 64 bands and 10 log10(power + eps).</summary>
    public static LogMel Mimii2019(int sampleRate = 16000) => new(
        sampleRate,
        new Stft(1024, 512, StftPadding.Zeros),
        MelBank.InHertz(sampleRate, 1024, 64, 0, sampleRate / 2.0, MelScale.Slaney, equalArea: true),
        mel => ToDecibels(mel + new Vector<double>(MachineEpsilon)));

    /// <summary>
    /// EfficientAT at 32 kHz: pre-emphasis x[n+1] - 0.97 x[n], 1024/320 under a symmetric Hann window of 800, mirrored ends,
    /// 128 Kaldi bands to 15 kHz, (ln(power + 1e-5) + 4.5) / 5.
    /// </summary>
    public static LogMel EfficientAt() => new(
        32000,
        new Stft(1024, 320, StftPadding.Reflection, windowLength: 800, periodic: false),
        MelBank.InMel(32000, 1024, 128, 0, 15000),
        mel => (Vector.Log(mel + new Vector<double>(1e-5)) + new Vector<double>(4.5)) / 5,
        preemphasis: 0.97);

    /// <summary>VGGish at 16 kHz: magnitudes of 400-sample windows every 160 samples, not centred, 64 bands 125..7500 Hz, ln(mel + 0.01).</summary>
    public static LogMel Vggish() => new(
        16000,
        new Stft(512, 160, StftPadding.None, windowLength: 400),
        MelBank.InMel(16000, 512, 64, 125, 7500),
        mel => Vector.Log(mel + new Vector<double>(0.01)),
        zeros: 56, // the window lies in the middle of 512: puts its start on sample 0
        magnitude: true);

    /// <summary>PANNs Cnn14 at 32 kHz: 1024/320, mirrored ends, 64 Slaney bands 50..14000 Hz, 10 log10(max(power, 1e-10)) in dB.</summary>
    public static LogMel Panns() => Decibels(32000, 1024, 320, 14000);

    /// <summary>PANNs Cnn14 at 16 kHz: 512/160, mirrored ends, 64 Slaney bands 50..8000 Hz, 10 log10(max(power, 1e-10)) in dB.</summary>
    public static LogMel Panns16k() => Decibels(16000, 512, 160, 8000);

    /// <summary>LAION CLAP at 48 kHz: 1024/480, mirrored ends, 64 Slaney bands 50..14000 Hz, 10 log10(max(power, 1e-10)) in dB.</summary>
    public static LogMel Clap() => Decibels(48000, 1024, 480, 14000);

    /// <summary>Frames that so many samples give; 0 below <see cref="ShortestInput"/>.</summary>
    public int Frames(int samples) => stft.Frames(samples + SamplesAdded);

    /// <summary>The log-mel spectrum of one channel at <see cref="SampleRate"/>.</summary>
    /// <returns>(frames, mels), float32 on the CPU; the caller, or its dispose scope, disposes it.</returns>
    /// <exception cref="BadInputException">Fewer samples than <see cref="ShortestInput"/>.</exception>
    public unsafe Tensor Compute(ReadOnlySpan<float> samples)
    {
        if (samples.Length < ShortestInput)
            throw new BadInputException($"{samples.Length} samples at {SampleRate} Hz are too few for a log-mel spectrum; give at least {ShortestInput}");
        var width = stft.Padding == StftPadding.None ? zeros : stft.FftLength / 2; // of what lies before the first sample
        fixed (float* first = samples)
            return spectrum.Of(new PaddedSignal(first, samples.Length, stft.Padding == StftPadding.Reflection, preemphasis), -width, Frames(samples.Length)); // (frames, mels)
    }

    private static Vector<double> ToDecibels(Vector<double> power) => Vector.Log(power) * (10 / Math.Log(10));

    private static LogMel Decibels(int sampleRate, int fftLength, int hopLength, double highest) => new(
        sampleRate,
        new Stft(fftLength, hopLength, StftPadding.Reflection),
        MelBank.InHertz(sampleRate, fftLength, 64, 50, highest, MelScale.Slaney, equalArea: true),
        mel => ToDecibels(Vector.Max(mel, new Vector<double>(1e-10))));
}
