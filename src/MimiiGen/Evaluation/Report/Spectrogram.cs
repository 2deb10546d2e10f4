using MathNet.Numerics;
using MathNet.Numerics.IntegralTransforms;
using MimiiGen.Audio;

namespace MimiiGen.Evaluation.Report;

/// <summary>
/// The spectrogram of a clip's first channel for the eye: Hann windows of 64 ms, about 640 columns, 256 rows of equal
/// width from 0 Hz to half the sample rate.
/// </summary>
internal sealed class Spectrogram
{
    private const double WindowSeconds = 0.064;
    private const int Columns = 640;
    private const int Rows = 256;
    private const double Silence = 1e-12;

    /// <summary>The range of levels that the colours span, in dB below the loudest points.</summary>
    public const double RangeDb = 60;

    private readonly double[][] levels; // (columns, rows), dB

    private Spectrogram(double[][] levels, double seconds, int sampleRate)
    {
        this.levels = levels;
        Seconds = seconds;
        HighestHertz = sampleRate / 2;
        var sorted = levels.SelectMany(column => column).Order().ToArray();
        LoudestDb = sorted[(int)((sorted.Length - 1) * 0.999)];
    }

    public double Seconds { get; }

    public int HighestHertz { get; }

    /// <summary>The level that one point in a thousand exceeds: a single click doesn't darken the picture.</summary>
    public double LoudestDb { get; }

    public static Spectrogram Of(Waveform clip)
    {
        var samples = clip.Channel(0);
        var window = Math.Max(2 * Rows, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(clip.SampleRate * WindowSeconds * 0.75)));
        if (samples.Length < window) throw new BadInputException($"a clip of {samples.Length} samples is too short for a spectrogram, which takes {window}");
        var hann = Window.HannPeriodic(window);
        var columns = Math.Min(Columns, samples.Length - window + 1);
        var levels = new double[columns][];
        var spectrum = new double[window + 2];
        for (var c = 0; c < columns; c++)
        {
            var start = columns == 1 ? 0 : (int)((long)c * (samples.Length - window) / (columns - 1));
            for (var i = 0; i < window; i++) spectrum[i] = samples[start + i] * hann[i];
            Fourier.ForwardReal(spectrum, window, FourierOptions.AsymmetricScaling);
            levels[c] = [.. Enumerable.Range(0, Rows).Select(row => Level(spectrum, row, window / 2 / Rows))];
        }

        return new Spectrogram(levels, clip.Seconds, clip.SampleRate);
    }

    /// <summary>The picture, low frequencies at the bottom; <paramref name="topDb"/> is the lightest colour.</summary>
    public byte[] Png(double topDb) => IndexedPng.Encode(Pixels(topDb), ColourMap.Palette());

    /// <summary>(rows, columns): indices into <see cref="ColourMap"/>, the highest frequency first.</summary>
    public byte[][] Pixels(double topDb) =>
        [.. Enumerable.Range(0, Rows).Select(y => levels.Select(column => Index(column[Rows - 1 - y], topDb)).ToArray())];

    private static double Level(double[] spectrum, int row, int binsPerRow)
    {
        double power = 0;
        for (var bin = row * binsPerRow; bin < (row + 1) * binsPerRow; bin++)
            power += (spectrum[2 * bin] * spectrum[2 * bin]) + (spectrum[(2 * bin) + 1] * spectrum[(2 * bin) + 1]);
        return 10 * Math.Log10(Math.Max(power / binsPerRow, Silence));
    }

    private static byte Index(double db, double topDb) => (byte)Math.Round(ColourMap.Lightest * Math.Clamp(1 + ((db - topDb) / RangeDb), 0, 1));
}
