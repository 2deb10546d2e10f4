using System.Numerics;

namespace MimiiGen.Audio;

/// <summary>
/// Mel spectra of a signal, some frames at a time on each processor: window, spectrum and bands stay in the nearest cache, and no spectrum of the whole
/// signal is ever in memory. All arithmetic is float64 up to the last step.
/// </summary>
internal sealed class MelFrames
{
    private const int FramesAtOnce = 64; // of one processor's piece of work

    private readonly double[] window; // (window length)
    private readonly int fftLength;
    private readonly int hopLength;
    private readonly (int First, double[] Weights)[] bands; // of each mel band, the bins that count
    private readonly bool magnitude;
    private readonly Func<double, double> compress;
    private readonly LaneFft fft;

    /// <param name="fftLength">N, a power of two.</param>
    /// <param name="hopLength">Samples from one frame to the next.</param>
    /// <param name="window">At most N values, in the middle of the frame.</param>
    /// <param name="bank">(mels, bins).</param>
    /// <param name="magnitude">Whether bands gather magnitudes rather than powers.</param>
    /// <param name="compress">What is done to each band's value: a logarithm.</param>
    public MelFrames(int fftLength, int hopLength, double[] window, double[,] bank, bool magnitude, Func<double, double> compress)
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
        var pieces = (frames + FramesAtOnce - 1) / FramesAtOnce;
        if (pieces == 1) Piece(signal, mel, 0, frames);
        else Parallel.For(0, pieces, piece => Piece(signal, mel, piece * FramesAtOnce, Math.Min(frames, (piece + 1) * FramesAtOnce)));
        return mel;
    }

    private void Piece(double[] signal, float[] mel, int from, int to)
    {
        var lanes = Vector<double>.Count;
        var samples = new Vector<double>[fftLength];
        var power = new Vector<double>[(fftLength / 2) + 1];
        var room = new Vector<double>[fft.Room];
        Span<double> lane = stackalloc double[lanes];
        var start = (fftLength - window.Length) / 2;
        for (var frame = from; frame < to; frame += lanes)
        {
            var last = Math.Min(lanes, to - frame) - 1; // the lanes behind it repeat it
            for (var i = 0; i < window.Length; i++)
            {
                for (var l = 0; l < lanes; l++) lane[l] = signal[((frame + Math.Min(l, last)) * hopLength) + start + i];
                samples[start + i] = new Vector<double>(lane) * window[i];
            }

            fft.Power(samples, power, room);
            if (magnitude)
                for (var k = 0; k < power.Length; k++) power[k] = Vector.SquareRoot(power[k]);
            for (var m = 0; m < bands.Length; m++)
            {
                var (first, weights) = bands[m];
                var sum = Vector<double>.Zero;
                for (var k = 0; k < weights.Length; k++) sum += power[first + k] * weights[k];
                for (var l = 0; l <= last; l++) mel[((frame + l) * bands.Length) + m] = (float)compress(sum[l]);
            }
        }
    }
}
