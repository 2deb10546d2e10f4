using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MimiiGen.Audio;

/// <summary>
/// Mel spectra of a signal, some frames at a time on each processor: window, spectrum and bands stay in the nearest cache, and no spectrum of the whole
/// signal is ever in memory. All arithmetic is float64 up to the last step.
/// </summary>
internal sealed class MelFrames
{
    private const int FewestFrames = 64; // of one processor's piece of work

    private readonly int fftLength;
    private readonly int hopLength;
    private readonly (int First, double[] Weights)[] bands; // of each mel band, the bins that count
    private readonly bool magnitude;
    private readonly Func<Vector<double>, Vector<double>> compress;
    private readonly FrameLanes frames;
    private readonly LaneFft fft;

    /// <param name="fftLength">N, a power of two.</param>
    /// <param name="hopLength">Samples from one frame to the next.</param>
    /// <param name="window">At most N values, in the middle of the frame.</param>
    /// <param name="bank">(mels, bins).</param>
    /// <param name="magnitude">Whether bands gather magnitudes rather than powers.</param>
    /// <param name="compress">What is done to each band's value, in every lane: a logarithm.</param>
    public MelFrames(int fftLength, int hopLength, double[] window, double[,] bank, bool magnitude, Func<Vector<double>, Vector<double>> compress)
    {
        (this.fftLength, this.hopLength, this.magnitude, this.compress) = (fftLength, hopLength, magnitude, compress);
        var inTheMiddle = new double[fftLength];
        window.CopyTo(inTheMiddle, (fftLength - window.Length) / 2);
        frames = new FrameLanes(inTheMiddle, hopLength);
        fft = new LaneFft(fftLength);
        bands = [.. Enumerable.Range(0, bank.GetLength(0)).Select(m =>
        {
            int[] used = [.. Enumerable.Range(0, bank.GetLength(1)).Where(k => bank[m, k] > 0)];
            return used.Length == 0 ? (0, []) : (used[0], Enumerable.Range(used[0], used[^1] - used[0] + 1).Select(k => bank[m, k]).ToArray());
        })];
    }

    /// <summary>Number of mel bands.</summary>
    public int Mels => bands.Length;

    /// <summary>The frames of a signal.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="begin">Where the first frame begins; frame t begins t hops behind it.</param>
    /// <param name="count">Frames.</param>
    /// <returns>(count, mels), float32.</returns>
    public Tensor Of(PaddedSignal signal, int begin, int count)
    {
        var mel = empty(count, Mels); // filled in place: an array of this size would be garbage that is dear to collect
        var pieces = Math.Clamp(count / FewestFrames, 1, get_num_threads());
        if (pieces == 1) Piece(signal, begin, mel, 0, count);
        else Parallel.For(0, pieces, piece => Piece(signal, begin, mel, piece * count / pieces, (piece + 1) * count / pieces));
        return mel;
    }

    private void Piece(PaddedSignal signal, int begin, Tensor mel, int from, int to)
    {
        var (lanes, half) = (Vector<double>.Count, fftLength / 2);
        var room = ArrayPool<Vector<double>>.Shared.Rent((3 * half) + 1 + bands.Length);
        Span<Vector<double>> even = room.AsSpan(0, half), odd = room.AsSpan(half, half), power = room.AsSpan(2 * half, half + 1), values = room.AsSpan((3 * half) + 1, bands.Length);
        var stretch = ArrayPool<double>.Shared.Rent(((lanes - 1) * hopLength) + fftLength);
        var rows = MemoryMarshal.Cast<byte, float>(mel.bytes);
        for (var frame = from; frame < to; frame += lanes)
        {
            var count = Math.Min(lanes, to - frame); // the lanes behind them hold whatever was there before
            var heard = stretch.AsSpan(0, ((count - 1) * hopLength) + fftLength);
            signal.Read(begin + (frame * hopLength), heard);
            frames.Lay(heard, count, even, odd);
            fft.Power(even, odd, power);
            if (magnitude)
                for (var k = 0; k < power.Length; k++) power[k] = Vector.SquareRoot(power[k]);
            for (var m = 0; m < bands.Length; m++) values[m] = compress(Sum(power.Slice(bands[m].First, bands[m].Weights.Length), bands[m].Weights));
            var flat = MemoryMarshal.Cast<Vector<double>, double>(values);
            for (var l = 0; l < count; l++)
            {
                var row = rows.Slice((frame + l) * bands.Length, bands.Length);
                for (var m = 0; m < row.Length; m++) row[m] = (float)flat[(m * lanes) + l];
            }
        }

        ArrayPool<double>.Shared.Return(stretch);
        ArrayPool<Vector<double>>.Shared.Return(room);
    }

    private static Vector<double> Sum(ReadOnlySpan<Vector<double>> bins, ReadOnlySpan<double> weights)
    {
        var sum = Vector<double>.Zero;
        for (var k = 0; k < weights.Length; k++) sum = Vector.MultiplyAddEstimate(bins[k], new Vector<double>(weights[k]), sum);
        return sum;
    }
}
