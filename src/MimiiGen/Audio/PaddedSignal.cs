using System.Numerics;

namespace MimiiGen.Audio;

/// <summary>
/// A signal in float64, read stretch by stretch, with what lies beyond its ends. Widened and filtered where it is needed, so that of a long recording no
/// copy is made. The samples must stay where they are as long as this is used.
/// </summary>
internal readonly unsafe struct PaddedSignal
{
    private readonly float* samples;
    private readonly int length;
    private readonly bool mirrored;
    private readonly double preemphasis;

    /// <param name="samples">The first sample.</param>
    /// <param name="count">Samples.</param>
    /// <param name="mirrored">Whether the signal goes on as its mirror image beyond its ends, or there is silence.</param>
    /// <param name="preemphasis">p of x[n+1] - p x[n], which is one sample shorter; 0 for none.</param>
    public PaddedSignal(float* samples, int count, bool mirrored, double preemphasis)
    {
        this.samples = samples;
        (this.mirrored, this.preemphasis) = (mirrored, preemphasis);
        length = count - (preemphasis > 0 ? 1 : 0);
    }

    /// <summary>Reads a stretch, which may begin before the first sample (at 0) and end behind the last.</summary>
    public void Read(int from, Span<double> target)
    {
        var before = Math.Clamp(-from, 0, target.Length);
        var within = Math.Clamp(length - Math.Max(from, 0), 0, target.Length - before);
        for (var i = 0; i < before; i++) target[i] = mirrored ? At(-(from + i)) : 0;
        if (within > 0) Within(from + before, target.Slice(before, within));
        for (var i = before + within; i < target.Length; i++) target[i] = mirrored ? At((2 * (length - 1)) - (from + i)) : 0;
    }

    private void Within(int from, Span<double> target)
    {
        var n = 0;
        var factor = new Vector<double>(preemphasis);
        for (; n <= target.Length - Vector<float>.Count; n += Vector<float>.Count)
        {
            Vector.Widen(Vector.Load(samples + from + n), out var low, out var high);
            if (preemphasis > 0)
            {
                Vector.Widen(Vector.Load(samples + from + n + 1), out var nextLow, out var nextHigh);
                (low, high) = (nextLow - (factor * low), nextHigh - (factor * high));
            }

            low.CopyTo(target[n..]);
            high.CopyTo(target[(n + Vector<double>.Count)..]);
        }

        for (; n < target.Length; n++) target[n] = At(from + n);
    }

    private double At(int n) => preemphasis > 0 ? samples[n + 1] - (preemphasis * samples[n]) : samples[n];
}
