using System.Numerics;
using System.Runtime.InteropServices;
using MathNet.Numerics;

namespace MimiiGen.Audio;

/// <summary>The filters of one pair of reduced rates: phase p = j mod to serves every output sample j.</summary>
internal sealed class SincFilterBank
{
    private const long MostWeights = 1 << 26; // a quarter of a gigabyte

    private readonly int from;
    private readonly int to;
    private readonly int taps;
    private readonly int[] first; // (phases): input of a phase's first tap, relative to (j / to) * from
    private readonly float[] weights; // (phases, taps)

    public SincFilterBank(int from, int to, int width, double rolloff, double beta)
    {
        this.from = from;
        this.to = to;
        var cutoff = Math.Min(from, to) * rolloff;
        var reach = width * from / cutoff; // input samples to each side
        taps = (int)Math.Floor(2 * reach) + 1;
        first = new int[to];
        if ((long)to * taps > MostWeights) throw new BadInputException($"rates of {from} to {to} have no common measure that a filter could be made for; resample with another program first");
        weights = new float[(long)to * taps];

        // torchaudio keeps beta and I0(beta) in single precision whatever the type of the samples; so do published results
        var shape = (double)(float)beta;
        var peak = (double)(float)SpecialFunctions.BesselI0(shape);
        for (var p = 0; p < to; p++)
        {
            var centre = (double)p * from / to;
            first[p] = (int)Math.Ceiling(centre - reach);
            for (var k = 0; k < taps; k++)
            {
                var t = (((double)(first[p] + k) / from) - ((double)p / to)) * cutoff;
                if (Math.Abs(t) >= width) continue; // the sinc crosses zero there
                var window = SpecialFunctions.BesselI0(shape * Math.Sqrt(1 - (t * t / ((double)width * width)))) / peak;
                var sinc = t == 0 ? 1 : Math.Sin(Math.PI * t) / (Math.PI * t);
                weights[(p * taps) + k] = (float)(sinc * window * cutoff / from);
            }
        }
    }

    /// <summary>Samples that an input of that length becomes.</summary>
    public long OutputLength(long samples) => ((samples * to) + from - 1) / from;

    /// <summary>The inputs that output sample j needs: the first, which may lie before the beginning, and the one behind the last.</summary>
    public (long First, long Behind) Needs(long j)
    {
        var (period, phase) = Math.DivRem(j, to);
        var start = (period * from) + first[phase];
        return (start, start + taps);
    }

    public float[] Apply(ReadOnlySpan<float> samples) => Apply(samples, 0, 0, checked((int)OutputLength(samples.Length)));

    /// <summary>Some output samples of a longer input.</summary>
    /// <param name="samples">Part of the input; what lies beyond it counts as zero.</param>
    /// <param name="origin">Where that part begins.</param>
    /// <param name="start">First output sample.</param>
    /// <param name="count">Number of output samples.</param>
    public float[] Apply(ReadOnlySpan<float> samples, long origin, long start, int count)
    {
        var output = new float[count];
        for (var j = 0; j < count; j++)
        {
            var at = Needs(start + j).First - origin;
            var begin = (int)Math.Max(0, -at);
            var end = (int)Math.Min(taps, samples.Length - at);
            if (begin >= end) continue;
            var phase = (int)((start + j) % to);
            output[j] = Dot(weights.AsSpan((phase * taps) + begin, end - begin), samples[(int)(at + begin)..(int)(at + end)]);
        }

        return output;
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var wideA = MemoryMarshal.Cast<float, Vector<float>>(a);
        var wideB = MemoryMarshal.Cast<float, Vector<float>>(b);
        var (even, odd) = (Vector<float>.Zero, Vector<float>.Zero); // two sums, so that one addition need not wait for the other
        var i = 0;
        for (; i + 1 < wideA.Length; i += 2)
        {
            even += wideA[i] * wideB[i];
            odd += wideA[i + 1] * wideB[i + 1];
        }

        if (i < wideA.Length) even += wideA[i] * wideB[i];
        var sum = Vector.Sum(even + odd);
        for (var k = wideA.Length * Vector<float>.Count; k < a.Length; k++) sum += a[k] * b[k];
        return sum;
    }
}
