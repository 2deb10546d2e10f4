using System.Runtime.InteropServices;
using MimiiGen.Tests.Golden;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Evaluation;

/// <summary>Published VGGish embeddings of 400 Foley clips, four rows of 128 a clip (golden/fad).</summary>
internal static class FoleyEmbeddings
{
    private const int Rows = 4;
    private const int Dimensions = 128;

    private static readonly string[] Clips = File.ReadAllLines(GoldenFile.PathOf("fad/clips.txt"));
    private static readonly float[] Values = Read();

    /// <summary>All rows of the clips of a class, in their order, in float64.</summary>
    public static Tensor Vggish(string category, int clips = int.MaxValue)
    {
        int[] indices = [.. Enumerable.Range(0, Clips.Length).Where(i => Clips[i].Contains(category, StringComparison.Ordinal)).Take(clips)];
        double[] rows = [.. indices.SelectMany(i => Values[(i * Rows * Dimensions)..((i + 1) * Rows * Dimensions)]).Select(v => (double)v)];
        return tensor(rows).reshape(-1, Dimensions);
    }

    private static float[] Read()
    {
        var bytes = File.ReadAllBytes(GoldenFile.PathOf("fad/vggish-embeddings.npy"));
        var header = 10 + BitConverter.ToUInt16(bytes, 8); // npy version 1.0: 10 bytes, then the header
        Half[] halves = [.. MemoryMarshal.Cast<byte, Half>(bytes.AsSpan(header))];
        return [.. halves.Select(h => (float)h)];
    }
}
