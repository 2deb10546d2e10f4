using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>
/// A clip's own noise: standard normal numbers that follow from the clip's seed, a stream and their position, and from nothing else: not from
/// the order or size of a batch, the shard, the number of threads or the device.
/// </summary>
/// <remarks>
/// Block b (from 0) of stream s under seed k is Philox4x32-10 of the counter (low b, high b, low s, high s) with the key (low k, high k). Its
/// words w0..w3 become four normals by Box-Muller in float64, rounded to float32: with u = (w + 1) / 2^32 of the first and v = w / 2^32 of the
/// second word of a pair, sqrt(-2 ln u) cos(2 pi v) and sqrt(-2 ln u) sin(2 pi v). None is beyond 6.67.
/// </remarks>
public static class ClipNoise
{
    private const double UnitStep = 1.0 / 4294967296; // 2^-32

    /// <summary>Standard normal float32 numbers on the CPU, in row-major order.</summary>
    /// <param name="seed">The clip's seed.</param>
    /// <param name="stream">Which noise of the clip: 0 for the start, 1 + i for the i-th a sampler draws.</param>
    /// <param name="shape">The shape of one clip's noise, without a batch.</param>
    public static Tensor Normal(ulong seed, ulong stream, params long[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        Fill(values, seed, stream);
        return tensor(values, shape);
    }

    /// <summary>The noise of a batch of clips, each its own.</summary>
    /// <param name="seeds">The clips' seeds.</param>
    /// <param name="stream">Which noise of the clips.</param>
    /// <param name="shape">The shape of one clip's noise.</param>
    /// <returns>(batch, shape).</returns>
    public static Tensor NormalBatch(IReadOnlyList<ulong> seeds, ulong stream, params long[] shape)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        using var scope = NewDisposeScope();
        return stack([.. seeds.Select(seed => Normal(seed, stream, shape))]).MoveToOuterDisposeScope();
    }

    /// <summary>A whole number from 0 to count - 1, each as likely as the others: the first word of the stream's first block times count / 2^32.</summary>
    /// <param name="count">At least 1.</param>
    /// <param name="seed">The clip's seed.</param>
    /// <param name="stream">One that no noise is drawn from.</param>
    public static int Below(uint count, ulong seed, ulong stream)
    {
        var (word, _, _, _) = Philox.At((0, 0, (uint)stream, (uint)(stream >> 32)), ((uint)seed, (uint)(seed >> 32)));
        return (int)(((ulong)word * count) >> 32);
    }

    private static void Fill(Span<float> values, ulong seed, ulong stream)
    {
        Span<float> block = stackalloc float[4];
        var key = ((uint)seed, (uint)(seed >> 32));
        for (var start = 0; start < values.Length; start += 4)
        {
            var b = (ulong)start / 4;
            var (w0, w1, w2, w3) = Philox.At(((uint)b, (uint)(b >> 32), (uint)stream, (uint)(stream >> 32)), key);
            (block[0], block[1]) = BoxMuller(w0, w1);
            (block[2], block[3]) = BoxMuller(w2, w3);
            block[..Math.Min(4, values.Length - start)].CopyTo(values[start..]);
        }
    }

    private static (float, float) BoxMuller(uint w, uint angle)
    {
        var radius = Math.Sqrt(-2 * Math.Log((w + 1.0) * UnitStep));
        var (sin, cos) = Math.SinCos(2 * Math.PI * (angle * UnitStep));
        return ((float)(radius * cos), (float)(radius * sin));
    }
}
