using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace MimiiGen.Kernels;

/// <summary>
/// Group normalisation (Wu and He 2018) of images whose channels lie side by side, with what stands around it in one pass: an addend for each channel
/// before, scale and shift after, an activation. Sums are taken in pieces of fixed size, so that the result doesn't depend on the number of threads.
/// </summary>
internal static unsafe class MapNormalization
{
    private const int Piece = 128;

    /// <param name="map">(batch, positions, channels), contiguous; channels a multiple of 16.</param>
    /// <param name="groups">Groups of channels.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="gain">(channels).</param>
    /// <param name="shift">(channels).</param>
    /// <param name="before">Added to the map: (batch, channels); empty: nothing.</param>
    /// <param name="scaleShift">Applied after: (batch, 2 channels), 1 + scale and shift; empty: nothing.</param>
    /// <returns>Same shape as the map.</returns>
    public static Tensor Run<TActivation>(Tensor map, int groups, double epsilon, float[] gain, float[] shift, float[] before, float[] scaleShift)
        where TActivation : struct, IActivation
    {
        var (batch, positions, channels) = ((int)map.shape[0], map.shape[1], (int)map.shape[2]);
        var result = empty_like(map);
        var (from, to) = ((IntPtr)Memory.Of(map), (IntPtr)Memory.Of(result));
        var pieces = (int)((positions + Piece - 1) / Piece);
        using var memory = empty((long)batch * (pieces + 1) * 2 * channels); // not the collector's: arrays that large would soon call it
        var (sums, factors) = ((IntPtr)Memory.Of(memory), (IntPtr)(Memory.Of(memory) + ((long)batch * pieces * 2 * channels))); // (batch, pieces, 2, channels), (batch, 2, channels)
        Workers.For(batch * pieces, i => Sum((float*)from, Part(i), channels, (float*)from + (i / pieces * positions * channels), (float*)sums + ((long)i * 2 * channels)));
        for (var clip = 0; clip < batch; clip++) Factor(clip);
        Workers.For(batch * pieces, i => Apply<TActivation>((float*)from, (float*)to, Part(i), channels, (float*)factors + (i / pieces * 2 * channels)));
        return result;

        (long First, long Last) Part(int i)
        {
            var start = i % pieces * (long)Piece;
            return ((i / pieces * positions) + start, (i / pieces * positions) + Math.Min(positions, start + Piece));
        }

        void Factor(int clip)
        {
            var width = channels / groups;
            for (var group = 0; group < groups; group++)
            {
                var (mean, square) = (0.0, 0.0); // of the group
                for (var c = group * width; c < (group + 1) * width; c++)
                {
                    var (sum, squares) = (0.0, 0.0); // of the channel, counted from its first pixel, so that a large mean costs no precision
                    for (var piece = 0; piece < pieces; piece++)
                    {
                        var at = ((((long)clip * pieces) + piece) * 2 * channels) + c;
                        sum += ((float*)sums)[at];
                        squares += ((float*)sums)[at + channels];
                    }

                    var first = ((float*)from)[(clip * positions * channels) + c] + (before.Length == 0 ? 0.0 : before[(clip * channels) + c]);
                    mean += first + (sum / positions);
                    square += (squares + (2 * first * sum)) / positions + (first * first);
                }

                mean /= width;
                var deviation = Math.Sqrt(Math.Max(0, (square / width) - (mean * mean)) + epsilon);
                for (var c = group * width; c < (group + 1) * width; c++)
                {
                    var (scale, offset) = scaleShift.Length == 0 ? (1.0, 0.0) : (1.0 + scaleShift[(clip * 2 * channels) + c], scaleShift[(((clip * 2) + 1) * channels) + c]);
                    var factor = gain[c] / deviation * scale;
                    var added = before.Length == 0 ? 0 : before[(clip * channels) + c];
                    ((float*)factors)[(clip * 2 * channels) + c] = (float)factor;
                    ((float*)factors)[(((clip * 2) + 1) * channels) + c] = (float)(((added - mean) * factor) + (shift[c] * scale) + offset);
                }
            }
        }
    }

    /// <summary>Sum and sum of squares of each channel, counted from <paramref name="origin"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum(float* map, (long First, long Last) part, int channels, float* origin, float* sums)
    {
        for (var c = 0; c < channels; c += Vector512<float>.Count)
        {
            var (sum, squares) = (Vector512<float>.Zero, Vector512<float>.Zero);
            var zero = Vector512.Load(origin + c);
            for (var position = part.First; position < part.Last; position++)
            {
                var x = Vector512.Load(map + (position * channels) + c) - zero;
                sum += x;
                squares = Vector512.FusedMultiplyAdd(x, x, squares);
            }

            sum.Store(sums + c);
            squares.Store(sums + channels + c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply<TActivation>(float* from, float* to, (long First, long Last) part, int channels, float* factors)
        where TActivation : struct, IActivation
    {
        for (var position = part.First; position < part.Last; position++)
            for (var c = 0; c < channels; c += Vector512<float>.Count)
            {
                var at = (position * channels) + c;
                TActivation.Of(Vector512.FusedMultiplyAdd(Vector512.Load(from + at), Vector512.Load(factors + c), Vector512.Load(factors + channels + c))).Store(to + at);
            }
    }
}
