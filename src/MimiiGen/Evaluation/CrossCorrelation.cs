using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>
/// The largest normalised cross-correlation of two sounds over all shifts of one against the other, by FFT: 1 for a copy, however shifted, amplified
/// or turned upside down; near 0 for unrelated noise. Sounds that share a steady hum have a large one without being copies, so it is to be held
/// against that of other real clips.
/// </summary>
/// <param name="Value">0 to 1.</param>
/// <param name="Shift">Samples that the second has to be moved later to fit best.</param>
public readonly record struct CrossCorrelation(double Value, int Shift)
{
    /// <summary>Compares two sounds of one rate.</summary>
    /// <param name="first">At least one sample.</param>
    /// <param name="second">At least one sample.</param>
    public static CrossCorrelation Of(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Unit(first), Unit(second));
        long length = (long)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(first.Length + second.Length - 1));
        var product = fft.rfft(a, length) * fft.rfft(b, length).conj();
        var correlation = fft.irfft(product, length).abs(); // (length): shifts 0, 1, ..., then -1 from the end
        var at = (int)correlation.argmax().ToInt64();
        return new CrossCorrelation(Math.Min(1, correlation[at].ToDouble()), at < first.Length ? at : at - (int)length);

        static Tensor Unit(ReadOnlySpan<float> samples)
        {
            var x = tensor(samples.ToArray());
            x -= x.mean();
            return x / x.square().sum().sqrt().clamp_min(1e-12f);
        }
    }
}
