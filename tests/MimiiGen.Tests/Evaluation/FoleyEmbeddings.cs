using System.Runtime.InteropServices;
using MimiiGen.Tests.Golden;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Evaluation;

/// <summary>Published embeddings of 400 Foley clips, four rows a clip, with the statistics published beside them (golden/fad).</summary>
internal static class FoleyEmbeddings
{
    private const int Rows = 4;

    private static readonly string[] Clips = File.ReadAllLines(GoldenFile.PathOf("fad/clips.txt"));
    private static readonly float[] VggishValues = Halves("fad/vggish-embeddings.npy");
    private static readonly Lazy<float[]> ClapValues = new(() => Halves("fad/clap-embeddings.npy"));

    /// <summary>All VGGish rows of the clips of a class, in their order, in float64; those of every clip for an empty name.</summary>
    public static Tensor Vggish(string category, int clips = int.MaxValue) => Of(VggishValues, 128, category, clips);

    /// <summary>All CLAP rows of the clips of a class, likewise.</summary>
    public static Tensor Clap(string category) => Of(ClapValues.Value, 512, category, int.MaxValue);

    /// <summary>The published mean (128) and covariance (128, 128) of all VGGish rows.</summary>
    public static (Tensor Mean, Tensor Covariance) VggishStatistics() =>
        (tensor(Values<float>("fad/vggish-mu.npy")), tensor(Values<float>("fad/vggish-cov.npy")).reshape(128, 128));

    private static Tensor Of(float[] values, int dimensions, string category, int clips)
    {
        int[] indices = [.. Enumerable.Range(0, Clips.Length).Where(i => Clips[i].Contains(category, StringComparison.Ordinal)).Take(clips)];
        double[] rows = [.. indices.SelectMany(i => values[(i * Rows * dimensions)..((i + 1) * Rows * dimensions)]).Select(v => (double)v)];
        return tensor(rows).reshape(-1, dimensions);
    }

    private static float[] Halves(string file) => [.. Values<Half>(file).Select(h => (float)h)];

    private static T[] Values<T>(string file)
        where T : struct
    {
        var bytes = File.ReadAllBytes(GoldenFile.PathOf(file));
        var header = 10 + BitConverter.ToUInt16(bytes, 8); // npy version 1.0: 10 bytes, then the header
        return [.. MemoryMarshal.Cast<byte, T>(bytes.AsSpan(header))];
    }
}
