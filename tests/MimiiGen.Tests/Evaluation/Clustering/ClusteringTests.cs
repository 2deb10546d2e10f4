using System.Text.Json;
using MimiiGen.Evaluation.Clustering;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Evaluation.Clustering;

public sealed class ClusteringTests
{
    private static readonly JsonElement Golden = GoldenFile.Json("metrics/cluster.json");
    private static readonly double[][] Points = Read("cluster.points");

    [Fact]
    public void KMeansEqualsTheReference()
    {
        var expected = Golden.GetProperty("kmeans");

        var actual = KMeans.From(Points, Points[..4]);

        Assert.Equal(Labels(expected), actual.Labels);
        Assert.Equal(expected.GetProperty("inertia").GetDouble(), actual.Inertia, 1e-9);
        Assert.Equal(
            expected.GetProperty("centers").EnumerateArray().SelectMany(c => c.EnumerateArray().Select(v => Math.Round(v.GetDouble(), 9))),
            actual.Centres.SelectMany(c => c.Select(v => Math.Round(v, 9))));
        var bad = KMeans.From(Points, Read("cluster.bad_init"));
        Assert.Equal(Labels(Golden.GetProperty("kmeans_bad_init")), bad.Labels);
        Assert.Equal(expected.GetProperty("inertia").GetDouble(), KMeans.Of(Points, 4, seed: 1).Inertia, 1e-9);
        Assert.Equal(KMeans.Of(Points, 3, seed: 2).Labels, KMeans.Of(Points, 3, seed: 2).Labels);
    }

    [Theory]
    [InlineData("ward", Linkage.Ward)]
    [InlineData("average", Linkage.Average)]
    [InlineData("complete", Linkage.Complete)]
    [InlineData("single", Linkage.Single)]
    public void AgglomerationEqualsTheReference(string name, Linkage linkage)
    {
        var expected = Golden.GetProperty($"agglomerative_{name}");

        var actual = Agglomeration.Of(Points, linkage);

        Assert.Equal(1, ClusterQuality.AdjustedRand(Labels(expected), actual.Labels(4)), 1e-12);
        var distances = actual.Merges.Select(m => m.Distance).Order().TakeLast(5).ToArray();
        Assert.All(expected.GetProperty("last_five_merge_distances").EnumerateArray().Zip(distances), d => Assert.Equal(d.First.GetDouble(), d.Second, 1e-9));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void HdbscanEqualsTheReference(int smallest)
    {
        var expected = Golden.GetProperty($"hdbscan_min_cluster_{smallest}");

        var actual = Hdbscan.Of(Read("cluster.points_with_noise"), smallest);

        Assert.Equal(1, ClusterQuality.AdjustedRand(Labels(expected), actual.Labels), 1e-12);
        Assert.Equal(Labels(expected).Count(l => l < 0), actual.Labels.Count(l => l < 0));
        Assert.All(expected.GetProperty("probabilities").EnumerateArray().Zip(actual.Probabilities), p => Assert.Equal(p.First.GetDouble(), p.Second, 1e-9));
        Assert.Throws<BadInputException>(() => Hdbscan.Of(Points[..3], 3));
    }

    [Fact]
    public void SilhouetteAndRandIndexEqualTheReferences()
    {
        var silhouette = Golden.GetProperty("silhouette");
        int[] labels = [.. GoldenFile.Tensors("metrics/manifold.safetensors")["cluster.true"].data<long>().Select(l => (int)l)];
        Assert.Equal(silhouette.GetProperty("true_labels").GetDouble(), ClusterQuality.Silhouette(Points, labels), 1e-9);
        Assert.Throws<BadInputException>(() => ClusterQuality.Silhouette(Points, new int[Points.Length]));

        var rand = Golden.GetProperty("adjusted_rand");
        int[] Of(string name) => [.. rand.GetProperty(name).EnumerateArray().Select(v => v.GetInt32())];
        Assert.Equal(rand.GetProperty("ari").GetDouble(), ClusterQuality.AdjustedRand(Of("a"), Of("b")), 1e-12);
        Assert.Equal(1, ClusterQuality.AdjustedRand([0, 0, 0], [1, 1, 1]));
        Assert.Equal(0, ClusterQuality.AdjustedRand([0, 0, 0], [0, 1, 2]));
    }

    [Fact]
    public void ComponentsKeepDistancesAndOrderTheVariance()
    {
        using var scope = NewDisposeScope();
        var rows = GoldenFile.Tensors("metrics/manifold.safetensors")["cluster.points"];

        var (points, shares) = PrincipalComponents.Of(rows, 3);

        Assert.Equal(Distance(Points[0], Points[7]), Distance(points[0], points[7]), 1e-9);
        Assert.Equal(1, shares.Sum(), 1e-9);
        Assert.Equal(shares.OrderDescending(), shares);
        Assert.Equal(2, PrincipalComponents.Of(rows, 2).Points[0].Length);

        static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());
    }

    private static double[][] Read(string name)
    {
        using var scope = NewDisposeScope();
        var points = GoldenFile.Tensors("metrics/manifold.safetensors")[name];
        return [.. points.contiguous().data<double>().ToArray().Chunk((int)points.shape[1])];
    }

    private static int[] Labels(JsonElement of) => [.. of.GetProperty("labels").EnumerateArray().Select(v => v.GetInt32())];
}
