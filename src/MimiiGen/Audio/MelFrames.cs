using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;

namespace MimiiGen.Audio;

/// <summary>
/// Mel spectra of a signal, some frames at a time on each processor: window, spectrum and bands stay in the nearest cache, and no spectrum of the whole
/// signal is ever in memory. All arithmetic is float64 up to the last step.
/// </summary>
internal sealed class MelFrames
{
    private const int FewestFrames = 64; // of one processor's piece of work

    private readonly double[] window; // (window length)
    private readonly int fftLength;
    private readonly int hopLength;
    private readonly (int First, double[] Weights)[] bands; // of each mel band, the bins that count
    private readonly bool magnitude;
    private readonly Func<Vector<double>, Vector<double>> compress;
    private readonly LaneFft fft;

    /// <param name="fftLength">N, a power of two.</param>
    /// <param name="hopLength">Samples from one frame to the next.</param>
    /// <param name="window">At most N values, in the middle of the frame.</param>
    /// <param name="bank">(mels, bins).</param>
    /// <param name="magnitude">Whether bands gather magnitudes rather than powers.</param>
    /// <param name="compress">What is done to each band's value, in every lane: a logarithm.</param>
    public MelFrames(int fftLength, int hopLength, double[] window, double[,] bank, bool magnitude, Func<Vector<double>, Vector<double>> compress)
    {
        (this.fftLength, this.hopLength, this.window, this.magnitude, this.compress) = (fftLength, hopLength, window, magnitude, compress);
        fft = new LaneFft(fftLength);
        bands = [.. Enumerable.Range(0, bank.GetLength(0)).Select(m =>
        {
            int[] used = [.. Enumerable.Range(0, bank.GetLength(1)).Where(k => bank[m, k] > 0)];
            return used.Length == 0 ? (0, []) : (used[0], Enumerable.Range(used[0], used[^1] - used[0] + 1).Select(k => bank[m, k]).ToArray());
        })];
    }

    /// <summary>Number of mel bands.</summary>
    public int Mels => bands.Length;

    /// <summary>The frames of a signal that is padded already.</summary>
    /// <param name="signal">Samples; frame t begins at t hops.</param>
    /// <param name="frames">Their number.</param>
    /// <returns>(frames, mels), frame by frame.</returns>
    public float[] Of(double[] signal, int frames)
    {
        var mel = new float[frames * Mels];
        var pieces = Math.Clamp(frames / FewestFrames, 1, torch.get_num_threads());
        if (pieces == 1) Piece(signal, mel, 0, frames);
        else Parallel.For(0, pieces, piece => Piece(signal, mel, piece * frames / pieces, (piece + 1) * frames / pieces));
        return mel;
    }

    private void Piece(double[] signal, float[] mel, int from, int to)
    {
        var lanes = Vector<double>.Count;
        var samples = new Vector<double>[fftLength];
        var power = new Vector<double>[(fftLength / 2) + 1];
        var values = new Vector<double>[bands.Length];
        var room = new Vector<double>[fft.Room];
        for (var frame = from; frame < to; frame += lanes)
        {
            var count = Math.Min(lanes, to - frame); // the lanes behind them keep what was there before
            for (var l = 0; l < count; l++) Cut(signal.AsSpan((frame + l) * hopLength, fftLength), MemoryMarshal.Cast<Vector<double>, double>(samples.AsSpan())[l..], lanes);
            fft.Power(samples, power, room);
            if (magnitude)
                for (var k = 0; k < power.Length; k++) power[k] = Vector.SquareRoot(power[k]);
            for (var m = 0; m < bands.Length; m++) values[m] = compress(Sum(power, bands[m].First, bands[m].Weights));
            var flat = MemoryMarshal.Cast<Vector<double>, double>(values.AsSpan());
            for (var l = 0; l < count; l++)
            {
                var row = mel.AsSpan((frame + l) * bands.Length, bands.Length);
                for (var m = 0; m < row.Length; m++) row[m] = (float)flat[(m * lanes) + l];
            }
        }
    }

    /// <summary>Puts a frame under the window into every so many-th place.</summary>
    private void Cut(ReadOnlySpan<double> frame, Span<double> places, int step)
    {
        var under = frame.Slice((fftLength - window.Length) / 2, window.Length);
        var at = (fftLength - window.Length) / 2 * step;
        for (var i = 0; i < window.Length; i++, at += step) places[at] = under[i] * window[i];
    }

    private static Vector<double> Sum(Vector<double>[] power, int first, double[] weights)
    {
        var bins = power.AsSpan(first, weights.Length);
        var sum = Vector<double>.Zero;
        for (var k = 0; k < weights.Length; k++) sum += bins[k] * weights[k];
        return sum;
    }
}
