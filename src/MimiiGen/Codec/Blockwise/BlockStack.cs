using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MimiiGen.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Codec;

/// <summary>
/// Layers that a sequence goes through block by block: a block passes all layers while it is in the processor's cache, each thread has its own block,
/// and what lies between the layers takes the same memory whatever the length. The result is that of the whole sequence at once.
/// </summary>
internal sealed unsafe class BlockStack(IReadOnlyList<BlockLayer> layers)
{
    private const long FloatsPerBlock = 1 << 17;

    private readonly ConcurrentBag<Workspace> workspaces = [];

    /// <summary>Whether sequences of that many frames are long enough for every layer's padding.</summary>
    public bool Serves(long frames)
    {
        foreach (var layer in layers)
        {
            if (!layer.Serves(frames)) return false;
            frames = layer.Length(frames);
        }

        return true;
    }

    /// <summary>Frames that come out for that many.</summary>
    public long Length(long frames) => layers.Aggregate(frames, (length, layer) => layer.Length(length));

    /// <param name="input">(batch, frames, channels), contiguous.</param>
    /// <returns>(batch, frames of the last layer, its channels).</returns>
    public Tensor Run(Tensor input)
    {
        var (batch, inputs) = (input.shape[0], (int)input.shape[2]);
        var totals = new long[layers.Count + 1];
        totals[0] = input.shape[1];
        for (var i = 0; i < layers.Count; i++) totals[i + 1] = layers[i].Length(totals[i]);
        var output = empty(batch, totals[^1], layers[^1].Channels);
        var from = Memory.Of(input);
        var to = Memory.Of(output);
        var block = BlockFrames(totals);
        var blocks = (totals[^1] + block - 1) / block;
        Workers.For((int)(batch * blocks), i =>
        {
            if (!workspaces.TryTake(out var work)) work = new Workspace(layers.Count);
            var (clip, start) = (i / blocks, i % blocks * block);
            var end = Math.Min(totals[^1], start + block);
            work.Blocks[0].Stand(from + (clip * totals[0] * inputs), inputs, totals[0]);
            RunBlock(work, totals, start, end);
            var count = (end - start) * layers[^1].Channels;
            var place = to + (((clip * totals[^1]) + start) * layers[^1].Channels);
            Buffer.MemoryCopy(work.Blocks[^1].Frames + (start * layers[^1].Channels), place, count * sizeof(float), count * sizeof(float));
            workspaces.Add(work);
        });
        return output;
    }

    private void RunBlock(Workspace work, long[] totals, long start, long end)
    {
        work.Wanted[^1] = (start, end);
        for (var i = layers.Count - 1; i > 0; i--) work.Wanted[i] = layers[i].Needs(work.Wanted[i + 1].From, work.Wanted[i + 1].To, totals[i]);
        for (var i = 0; i < layers.Count; i++)
        {
            var (from, to) = work.Wanted[i + 1];
            var (low, high) = layers[i].Covers(from, to);
            work.Blocks[i + 1].Hold(low, high, layers[i].Channels, totals[i + 1]);
            layers[i].Run(work.Blocks[i], work.Blocks[i + 1], from, to, work.Scratch);
        }
    }

    /// <summary>Frames of the output a block: as many as keep its largest layer within the cache, whole frames of the input.</summary>
    private long BlockFrames(long[] totals)
    {
        var unit = Math.Max(1, totals[^1] / totals[0]);
        var largest = layers.Select((layer, i) => totals[i + 1] * (double)layer.Channels / totals[^1]).Max(); // floats a frame of the output
        return Math.Max(1, (long)(FloatsPerBlock / largest / unit)) * unit;
    }

    private sealed class Workspace(int layers)
    {
        public FrameBlock[] Blocks { get; } = [.. Enumerable.Range(0, layers + 1).Select(_ => new FrameBlock())];

        public (long From, long To)[] Wanted { get; } = new (long, long)[layers + 1];

        public BlockScratch Scratch { get; } = new();
    }
}
