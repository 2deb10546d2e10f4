using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MimiiGen.Kernels;

namespace MimiiGen.Detection.DenseTraining;

/// <summary>The way back through one layer: to the layer before for one thread's share of the batch, and to its own weights for one thread's share of those.</summary>
internal static unsafe class BackwardWork
{
    private const int Panel = MicroKernel.Panel;
    private const int Block = 6 * MicroKernel.Rows; // inputs whose weights are updated together

    /// <summary>From the gradient by a layer's linear part to that by the output of the layer before, through its ReLU; with normalisation also the sums that its way back needs.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="before">The layer before.</param>
    /// <param name="statistics">Of the layer before: mean and 1 / deviation (2, width).</param>
    /// <param name="share">Rows to compute.</param>
    /// <param name="sums">A tile to work in.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Product(LayerMemory layer, LayerMemory before, float* statistics, BatchShare share, float* sums)
    {
        for (var column = 0; column < before.Width; column += 2 * Panel)
            for (var tile = share.First; tile < share.Last; tile++)
            {
                new Span<float>(sums, MicroKernel.Rows * MicroKernel.Columns).Clear();
                TileProduct.Add(layer.Gradient.Start + ((nint)tile * MicroKernel.Rows * layer.Pitch), layer.Pitch, layer.Outputs, layer.Transposed.Start + ((nint)column * layer.Outputs), column + Panel < before.Width, sums);
                for (var half = column; half < Math.Min(before.Width, column + (2 * Panel)); half += Panel)
                    Rectify(before, statistics, tile, share.Rows(tile), half, sums + (half - column));
            }
    }

    /// <summary>Back through normalisation, in place.</summary>
    /// <param name="layer">A layer with normalisation.</param>
    /// <param name="statistics">Mean and 1 / deviation (2, width).</param>
    /// <param name="slopes">Sums over the batch of the gradient and of the gradient times the normalised value (2, width): the gradients of shift and gain.</param>
    /// <param name="share">Rows to compute.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normalize(LayerMemory layer, float* statistics, float* slopes, BatchShare share)
    {
        var gain = layer.Parameters.Values + layer.Gain;
        var part = Vector512.Create(1f / share.Batch);
        for (var row = share.FirstRow; row < share.LastRow; row++)
        {
            var before = layer.Normalization!.Before.Start + ((nint)row * layer.Pitch);
            var gradient = layer.Gradient.Start + ((nint)row * layer.Pitch);
            for (var c = 0; c < layer.Width; c += Panel)
            {
                var factor = Vector512.Load(statistics + layer.Width + c);
                var value = (Vector512.Load(before + c) - Vector512.Load(statistics + c)) * factor;
                var mean = part * (Vector512.Load(slopes + c) + (value * Vector512.Load(slopes + layer.Width + c)));
                (Vector512.Load(gain + c) * factor * (Vector512.Load(gradient + c) - mean)).Store(gradient + c);
            }
        }
    }

    /// <summary>The gradients of one thread's share of a layer's parameters over the whole batch, Adam's step with them, and the weights laid out anew for the way back.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="input">(rows, pitch): what it got.</param>
    /// <param name="inputPitch">Floats from a row of it to the next.</param>
    /// <param name="batch">Rows of the batch.</param>
    /// <param name="member">Which thread, of how many.</param>
    /// <param name="learningRate">Size of the step.</param>
    /// <param name="step">Number of the step, from 1.</param>
    /// <param name="sums">A tile to work in.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Update(LayerMemory layer, float* input, nint inputPitch, int batch, (int Number, int Count) member, double learningRate, long step, float* sums)
    {
        var (pairs, blocks) = ((layer.Width + (2 * Panel) - 1) / (2 * Panel), (layer.Inputs + Block - 1) / Block);
        var parts = pairs * blocks;
        for (var part = parts * member.Number / member.Count; part < parts * (member.Number + 1) / member.Count; part++)
        {
            var (column, from) = (part / blocks * 2 * Panel, part % blocks * Block);
            var (end, to) = (Math.Min(layer.Width, column + (2 * Panel)), Math.Min(layer.Inputs, from + Block));
            for (var i = from; i < to; i += MicroKernel.Rows)
            {
                new Span<float>(sums, MicroKernel.Rows * MicroKernel.Columns).Clear();
                OuterSums.Add(input + i, inputPitch, layer.Gradient.Start + column, layer.Pitch, batch, sums);
                for (var half = column; half < end; half += Panel)
                    for (var r = 0; r < Math.Min(MicroKernel.Rows, to - i); r++)
                        Vector512.Load(sums + (r * MicroKernel.Columns) + (half - column)).Store(layer.Parameters.Gradients + ((nint)half * layer.Inputs) + ((nint)(i + r) * Panel));
            }

            for (var half = column; half < end; half += Panel)
            {
                layer.Parameters.Step((half * layer.Inputs) + (from * Panel), (half * layer.Inputs) + (to * Panel), learningRate, step);
                layer.Transpose(half / Panel, from, to);
                if (from > 0) continue;
                if (layer.Normalization is null) AddRows(layer, batch, half);
                foreach (var first in (ReadOnlySpan<int>)[layer.Bias + half, layer.Gain + half, layer.Shift + half]) layer.Parameters.Step(first, first + Panel, learningRate, step);
            }
        }
    }

    /// <summary>ReLU's way back for sixteen columns of a tile, and their sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rectify(LayerMemory layer, float* statistics, int tile, int rows, int column, float* sums)
    {
        var place = ((nint)tile * MicroKernel.Rows * layer.Pitch) + column;
        var (slope, product) = (Vector512<float>.Zero, Vector512<float>.Zero);
        for (var r = 0; r < rows; r++, sums += MicroKernel.Columns, place += layer.Pitch)
        {
            var gradient = Vector512.ConditionalSelect(Vector512.GreaterThan(Vector512.Load(layer.Output.Start + place), Vector512<float>.Zero), Vector512.Load(sums), Vector512<float>.Zero);
            gradient.Store(layer.Gradient.Start + place);
            if (layer.Normalization is null) continue;
            slope += gradient;
            product += gradient * (Vector512.Load(layer.Normalization.Before.Start + place) - Vector512.Load(statistics + column)) * Vector512.Load(statistics + layer.Width + column);
        }

        if (layer.Normalization is null) return;
        slope.Store(layer.Normalization.Slopes(tile) + column);
        product.Store(layer.Normalization.Slopes(tile) + layer.Width + column);
    }

    /// <summary>The gradient of sixteen biases; before a normalisation it is zero, for the mean is taken away again.</summary>
    private static void AddRows(LayerMemory layer, int batch, int column)
    {
        var sum = Vector512<float>.Zero;
        for (var row = 0; row < batch; row++) sum += Vector512.Load(layer.Gradient.Start + ((nint)row * layer.Pitch) + column);
        sum.Store(layer.Parameters.Gradients + layer.Bias + column);
    }
}
