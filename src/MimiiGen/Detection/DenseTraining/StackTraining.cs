using System.Runtime.CompilerServices;
using MimiiGen.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Detection.DenseTraining;

/// <summary>
/// Trains a stack of dense layers to give back its input: forward, backward and Adam on buffers that are made once, by threads that meet after each layer. Every
/// sum is taken in an order that doesn't depend on their number, so that the weights are the same, bit for bit, with any.
/// </summary>
internal sealed unsafe class StackTraining : IEpochTraining
{
    private const int MostMembers = 8;

    private readonly LayerMemory[] layers;
    private readonly AlignedFloats input;
    private readonly nint inputPitch;
    private readonly double[] errors;
    private readonly Member[] members;
    private readonly int batchSize;
    private long step, stored;

    /// <param name="stack">Gives the starting weights; <see cref="Store"/> gives back what was learned.</param>
    /// <param name="batchSize">Vectors a step, at least 2.</param>
    public StackTraining(IDenseStack stack, int batchSize)
    {
        this.batchSize = batchSize;
        var rows = (batchSize + MicroKernel.Rows - 1) / MicroKernel.Rows * MicroKernel.Rows;
        layers = [.. stack.Layers.Select(l => new LayerMemory(l, rows))];
        inputPitch = LayerMemory.PitchOf(layers[0].Inputs);
        input = new AlignedFloats((rows + 1) * (int)inputPitch);
        errors = new double[rows / MicroKernel.Rows];
        members = [.. Enumerable.Range(0, Math.Min(MostMembers, Workers.Count)).Select(_ => new Member(layers))];
    }

    /// <summary>The last step's gradient of a layer's <c>weight</c>, <c>bias</c>, <c>gain</c> or <c>shift</c>, in the network's shape.</summary>
    internal Tensor Gradient(int layer, string name) => layers[layer].Gradients(name);

    /// <summary>Whether it serves such a network and such vectors on this processor.</summary>
    public static bool Serves(nn.Module network, Tensor vectors) => network is IDenseStack && MicroKernel.Serves(vectors) && network.parameters().All(MicroKernel.Serves);

    /// <inheritdoc/>
    public double Epoch(Tensor vectors, Tensor order, double learningRate)
    {
        using var rows = vectors.contiguous();
        var from = (IntPtr)Memory.Of(rows);
        var numbers = order.data<long>().ToArray();
        var batches = (numbers.Length / batchSize) + (numbers.Length % batchSize > 1 ? 1 : 0);
        var phases = 2 * layers.Length;
        var loss = 0.0;
        StepTeam.Run(members.Length, batches * phases, (member, count, turn) =>
        {
            var (batch, phase) = (turn / phases, turn % phases);
            var places = numbers.AsSpan(batch * batchSize, Math.Min(batchSize, numbers.Length - (batch * batchSize)));
            var share = BatchShare.Of(places.Length, member, count);
            if (phase == 0) Gather((float*)from, places, share);
            if (phase < layers.Length) Forward(members[member], phase, share, member == 0);
            else Backward(members[member], phases - 1 - phase, share, (member, count), learningRate, step + batch + 1);
            if (phase == layers.Length && member == 0) loss += errors.Take((places.Length + MicroKernel.Rows - 1) / MicroKernel.Rows).Sum() / ((double)places.Length * layers[^1].Outputs);
        });
        step += batches;
        return loss / batches;
    }

    /// <inheritdoc/>
    public void Store()
    {
        foreach (var layer in layers) layer.Store(step - stored);
        stored = step;
    }

    /// <summary>All memory is the garbage collector's.</summary>
    public void Dispose()
    {
    }

    private void Gather(float* vectors, ReadOnlySpan<long> places, BatchShare share)
    {
        var width = layers[0].Inputs;
        for (var row = share.FirstRow; row < share.LastRow; row++)
            new ReadOnlySpan<float>(vectors + (places[row] * width), width).CopyTo(new Span<float>(input.Start + (row * inputPitch), width));
    }

    private (IntPtr Values, nint Pitch) InputOf(int layer) => layer == 0 ? ((IntPtr)input.Start, inputPitch) : ((IntPtr)layers[layer - 1].Output.Start, layers[layer - 1].Pitch);

    /// <summary>Normalisation of the layer before, for which all must have finished it, then the product; after the last one the first step back.</summary>
    private void Forward(Member member, int layer, BatchShare share, bool keep)
    {
        if (layer > 0 && layers[layer - 1].Normalization is { } norm)
        {
            norm.Combine(share.Batch, member.Statistics[layer - 1].Start, keep);
            ForwardWork.Normalize(layers[layer - 1], member.Statistics[layer - 1].Start, share);
        }

        var (from, pitch) = InputOf(layer);
        if (layer < layers.Length - 1)
        {
            ForwardWork.Product(layers[layer], (float*)from, pitch, share, member.Tile.Start);
            return;
        }

        ForwardWork.Compare(layers[layer], (float*)from, pitch, input.Start, share, member.Tile.Start, errors);
        BackwardWork.Product(layers[layer], layers[layer - 1], member.Statistics[layer - 1].Start, share, member.Tile.Start);
    }

    /// <summary>The way back through a layer's normalisation and product; and the weights of the layer after it, whose gradients all have finished by now.</summary>
    private void Backward(Member member, int layer, BatchShare share, (int, int) who, double learningRate, long number)
    {
        // phases 0 to L - 1 go forward; then layers L - 2 to 0, and last the weights of layer 0
        var place = layer - 1;
        if (place >= 0)
        {
            if (layers[place].Normalization is { } norm)
            {
                norm.Add(share.Batch, member.Slopes.Start);
                BackwardWork.Normalize(layers[place], member.Statistics[place].Start, member.Slopes.Start, share);
                if (who.Item1 == 0) layers[place].KeepSlopes(member.Slopes.Start);
            }

            if (place > 0) BackwardWork.Product(layers[place], layers[place - 1], member.Statistics[place - 1].Start, share, member.Tile.Start);
        }

        var (from, pitch) = InputOf(layer);
        BackwardWork.Update(layers[layer], (float*)from, pitch, share.Batch, who, learningRate, number, member.Tile.Start);
    }

    /// <summary>What each thread has for itself: a tile of sums, and its copy of the batch's statistics, so that nobody waits for another to combine them.</summary>
    private sealed class Member(LayerMemory[] layers)
    {
        public AlignedFloats Tile { get; } = new(TileProduct.Memory);

        public AlignedFloats[] Statistics { get; } = [.. layers.Select(l => new AlignedFloats(2 * l.Width))];

        public AlignedFloats Slopes { get; } = new(2 * layers.Max(l => l.Width));
    }
}
