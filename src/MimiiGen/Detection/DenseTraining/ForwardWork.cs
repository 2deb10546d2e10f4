using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MimiiGen.Kernels;

namespace MimiiGen.Detection.DenseTraining;

/// <summary>The way forward through one layer, for one thread's share of the batch.</summary>
internal static unsafe class ForwardWork
{
    private const int Panel = MicroKernel.Panel;

    /// <summary>The linear part of a layer but the last: to where normalisation finds it, or through ReLU to the output.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="input">(rows, pitch): the batch, or the output of the layer before.</param>
    /// <param name="inputPitch">Floats from a row of it to the next.</param>
    /// <param name="share">Rows to compute.</param>
    /// <param name="sums">A tile to work in.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Product(LayerMemory layer, float* input, nint inputPitch, BatchShare share, float* sums)
    {
        for (var column = 0; column < layer.Width; column += 2 * Panel)
            for (var tile = share.First; tile < share.Last; tile++)
            {
                Multiply(layer, input, inputPitch, tile, column, sums);
                for (var half = column; half < Math.Min(layer.Width, column + (2 * Panel)); half += Panel)
                {
                    var rows = share.Rows(tile);
                    var values = sums + (half - column);
                    layer.Normalization?.Measure(values, tile, rows, half);
                    var target = (layer.Normalization?.Before ?? layer.Output).Start + ((nint)tile * MicroKernel.Rows * layer.Pitch) + half;
                    var floor = Vector512.Create(layer.Normalization is null ? 0 : float.NegativeInfinity);
                    for (var r = 0; r < rows; r++, values += MicroKernel.Columns, target += layer.Pitch) Vector512.Max(Vector512.Load(values), floor).Store(target);
                }
            }
    }

    /// <summary>Normalisation and ReLU: the layer's output.</summary>
    /// <param name="layer">A layer with normalisation.</param>
    /// <param name="statistics">Mean and 1 / deviation of each column (2, width).</param>
    /// <param name="share">Rows to compute.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normalize(LayerMemory layer, float* statistics, BatchShare share)
    {
        var gain = layer.Parameters.Values + layer.Gain;
        var shift = layer.Parameters.Values + layer.Shift;
        for (var row = share.FirstRow; row < share.LastRow; row++)
        {
            var from = layer.Normalization!.Before.Start + ((nint)row * layer.Pitch);
            var to = layer.Output.Start + ((nint)row * layer.Pitch);
            for (var c = 0; c < layer.Width; c += Panel)
            {
                var value = (Vector512.Load(from + c) - Vector512.Load(statistics + c)) * Vector512.Load(statistics + layer.Width + c);
                Vector512.Max(Vector512.FusedMultiplyAdd(value, Vector512.Load(gain + c), Vector512.Load(shift + c)), Vector512<float>.Zero).Store(to + c);
            }
        }
    }

    /// <summary>The last layer's product, and at once the gradient of the mean squared error by it; each tile's sum of squared errors goes to its place.</summary>
    /// <param name="layer">The last layer.</param>
    /// <param name="input">(rows, pitch): the output of the layer before.</param>
    /// <param name="inputPitch">Floats from a row of it to the next.</param>
    /// <param name="wanted">(rows, pitch of the layer): the batch itself.</param>
    /// <param name="share">Rows to compute.</param>
    /// <param name="sums">A tile to work in.</param>
    /// <param name="errors">For each tile.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compare(LayerMemory layer, float* input, nint inputPitch, float* wanted, BatchShare share, float* sums, double[] errors)
    {
        var factor = Vector512.Create((float)(2.0 / ((double)share.Batch * layer.Outputs)));
        Array.Clear(errors, share.First, share.Last - share.First);
        for (var column = 0; column < layer.Width; column += 2 * Panel)
            for (var tile = share.First; tile < share.Last; tile++)
            {
                Multiply(layer, input, inputPitch, tile, column, sums);
                var squares = Vector512<float>.Zero;
                for (var half = column; half < Math.Min(layer.Width, column + (2 * Panel)); half += Panel)
                {
                    var place = ((nint)tile * MicroKernel.Rows * layer.Pitch) + half;
                    for (var r = 0; r < share.Rows(tile); r++, place += layer.Pitch)
                    {
                        var error = Vector512.Load(sums + (r * MicroKernel.Columns) + (half - column)) - Vector512.Load(wanted + place);
                        squares += error * error;
                        (factor * error).Store(layer.Gradient.Start + place);
                    }
                }

                errors[tile] += Vector512.Sum(squares);
            }
    }

    /// <summary>Twelve rows of the input times up to thirty-two columns of the weights, plus bias.</summary>
    private static void Multiply(LayerMemory layer, float* input, nint inputPitch, int tile, int column, float* sums)
    {
        var pair = column + Panel < layer.Width;
        var bias = layer.Parameters.Values + layer.Bias + column;
        var (first, second) = (Vector512.Load(bias), pair ? Vector512.Load(bias + Panel) : Vector512<float>.Zero);
        for (var r = 0; r < MicroKernel.Rows; r++)
        {
            first.Store(sums + (r * MicroKernel.Columns));
            second.Store(sums + (r * MicroKernel.Columns) + Panel);
        }

        TileProduct.Add(input + (tile * MicroKernel.Rows * inputPitch), inputPitch, layer.Inputs, layer.Parameters.Values + ((nint)column * layer.Inputs), pair, sums);
    }
}
