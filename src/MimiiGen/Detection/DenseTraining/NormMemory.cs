using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MimiiGen.Kernels;

namespace MimiiGen.Detection.DenseTraining;

/// <summary>
/// Batch normalisation (Ioffe and Szegedy 2015) in training, with momentum 0.01 and epsilon 1e-3. Sums over the batch are taken within tiles of twelve rows
/// and then, in 64 bits, over the tiles in their order, so that they don't depend on who computed which tile.
/// </summary>
internal sealed unsafe class NormMemory
{
    private const double Momentum = 0.01, Epsilon = 1e-3;
    private const int Tile = MicroKernel.Rows;
    private static readonly int Lanes = Vector512<double>.Count;

    private readonly int width;
    private readonly AlignedFloats moments, slopes;

    /// <param name="rows">The largest batch, filled up to whole tiles.</param>
    /// <param name="width">Columns, filled up to whole panels.</param>
    /// <param name="pitch">Floats from a row to the next.</param>
    public NormMemory(int rows, int width, int pitch)
    {
        this.width = width;
        (moments, slopes) = (new AlignedFloats(rows / Tile * 2 * width), new AlignedFloats(rows / Tile * 2 * width));
        Before = new AlignedFloats((rows + 1) * pitch);
        (RunningMean, RunningVariance) = (new AlignedFloats(width), new AlignedFloats(width));
    }

    /// <summary>What the linear part gives: (rows, pitch).</summary>
    public AlignedFloats Before { get; }

    public AlignedFloats RunningMean { get; }

    public AlignedFloats RunningVariance { get; }

    /// <summary>Of a tile the mean and the sum of squared deviations of each column: (2, width).</summary>
    private float* Moments(int tile) => moments.Start + ((nint)tile * 2 * width);

    /// <summary>Of a tile the sums of the gradient and of the gradient times the normalised value: (2, width).</summary>
    public float* Slopes(int tile) => slopes.Start + ((nint)tile * 2 * width);

    /// <summary>Mean and sum of squared deviations of sixteen columns of a tile, to its moments.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Measure(float* sums, int tile, int rows, int column)
    {
        var mean = Vector512<float>.Zero;
        for (var r = 0; r < rows; r++) mean += Vector512.Load(sums + (r * MicroKernel.Columns));
        mean /= Vector512.Create((float)rows);
        var squares = Vector512<float>.Zero;
        for (var r = 0; r < rows; r++)
        {
            var off = Vector512.Load(sums + (r * MicroKernel.Columns)) - mean;
            squares += off * off;
        }

        mean.Store(Moments(tile) + column);
        squares.Store(Moments(tile) + width + column);
    }

    /// <summary>From the moments of a batch's tiles the mean and 1 / deviation of each column (2, width): Chan, Golub and LeVeque 1979.</summary>
    /// <param name="batch">Rows of the batch.</param>
    /// <param name="statistics">Where they go.</param>
    /// <param name="keep">Whether the running statistics are to learn of it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Combine(int batch, float* statistics, bool keep)
    {
        var count = Vector512.Create((double)batch);
        for (var c = 0; c < width; c += Lanes)
        {
            var (mean, squares) = (Vector512<double>.Zero, Vector512<double>.Zero);
            for (var tile = 0; tile * Tile < batch; tile++) mean += Vector512.Create((double)Math.Min(Tile, batch - (tile * Tile))) * Wide(Moments(tile) + c);
            mean /= count;
            for (var tile = 0; tile * Tile < batch; tile++)
            {
                var off = Wide(Moments(tile) + c) - mean;
                squares += Wide(Moments(tile) + width + c) + (Vector512.Create((double)Math.Min(Tile, batch - (tile * Tile))) * off * off);
            }

            Narrow(mean, statistics + c);
            Narrow(Vector512<double>.One / Vector512.Sqrt((squares / count) + Vector512.Create(Epsilon)), statistics + width + c);
            if (!keep) continue;
            Follow(RunningMean.Start + c, mean);
            Follow(RunningVariance.Start + c, squares / Vector512.Create(batch - 1.0));
        }
    }

    /// <summary>From the slopes of a batch's tiles those of the batch: (2, width).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(int batch, float* sums)
    {
        for (var c = 0; c < 2 * width; c += Lanes)
        {
            var sum = Vector512<double>.Zero;
            for (var tile = 0; tile * Tile < batch; tile++) sum += Wide(Slopes(tile) + c);
            Narrow(sum, sums + c);
        }
    }

    private static void Follow(float* running, Vector512<double> now) => Narrow((Vector512.Create(1 - Momentum) * Wide(running)) + (Vector512.Create(Momentum) * now), running);

    private static Vector512<double> Wide(float* eight)
    {
        var (low, high) = Vector256.Widen(Vector256.Load(eight));
        return Vector512.Create(low, high);
    }

    private static void Narrow(Vector512<double> eight, float* to) => Vector256.Narrow(eight.GetLower(), eight.GetUpper()).Store(to);
}
