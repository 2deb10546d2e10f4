using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MimiiGen.Audio;

/// <summary>Frames of a signal under a window, each laid into a lane of vectors: sample n of all frames lies in one vector, as <see cref="LaneFft"/> takes it.</summary>
/// <param name="window">As long as a frame, a multiple of 4.</param>
/// <param name="hopLength">Samples from one frame to the next.</param>
internal sealed class FrameLanes(double[] window, int hopLength)
{
    /// <summary>Lays some frames.</summary>
    /// <param name="signal">From the first sample of the first frame to the last one of the last.</param>
    /// <param name="count">Frames, at most as many as there are lanes; the lanes behind them are left as they are.</param>
    /// <param name="even">Samples 0, 2, 4, ... (window / 2).</param>
    /// <param name="odd">Samples 1, 3, 5, ... (window / 2).</param>
    public void Lay(ReadOnlySpan<double> signal, int count, Span<Vector<double>> even, Span<Vector<double>> odd)
    {
        if (Avx.IsSupported && count == 4 && Vector<double>.Count == 4)
        {
            LayFour(signal, even, odd);
            return;
        }

        for (var lane = 0; lane < count; lane++)
        {
            var frame = signal.Slice(lane * hopLength, window.Length);
            Span<double> evens = MemoryMarshal.Cast<Vector<double>, double>(even)[lane..], odds = MemoryMarshal.Cast<Vector<double>, double>(odd)[lane..];
            for (int n = 0, at = 0; n < window.Length; n += 2, at += Vector<double>.Count)
            {
                evens[at] = frame[n] * window[n];
                odds[at] = frame[n + 1] * window[n + 1];
            }
        }
    }

    /// <summary>Four samples of four frames at a time, turned by shuffles: rows become columns.</summary>
    private void LayFour(ReadOnlySpan<double> signal, Span<Vector<double>> even, Span<Vector<double>> odd)
    {
        ReadOnlySpan<double> a = signal[..window.Length], b = signal.Slice(hopLength, window.Length);
        ReadOnlySpan<double> c = signal.Slice(2 * hopLength, window.Length), d = signal.Slice(3 * hopLength, window.Length);
        for (var n = 0; n < window.Length; n += 4)
        {
            var weights = Vector256.Create<double>(window.AsSpan(n));
            Vector256<double> first = Vector256.Create(a[n..]) * weights, second = Vector256.Create(b[n..]) * weights;
            Vector256<double> third = Vector256.Create(c[n..]) * weights, fourth = Vector256.Create(d[n..]) * weights;
            Vector256<double> evenLow = Avx.UnpackLow(first, second), evenHigh = Avx.UnpackLow(third, fourth); // a0 b0 a2 b2, c0 d0 c2 d2
            Vector256<double> oddLow = Avx.UnpackHigh(first, second), oddHigh = Avx.UnpackHigh(third, fourth);
            even[n / 2] = Avx.Permute2x128(evenLow, evenHigh, 0x20).AsVector();
            odd[n / 2] = Avx.Permute2x128(oddLow, oddHigh, 0x20).AsVector();
            even[(n / 2) + 1] = Avx.Permute2x128(evenLow, evenHigh, 0x31).AsVector();
            odd[(n / 2) + 1] = Avx.Permute2x128(oddLow, oddHigh, 0x31).AsVector();
        }
    }
}
