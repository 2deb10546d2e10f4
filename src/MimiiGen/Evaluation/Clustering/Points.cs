namespace MimiiGen.Evaluation.Clustering;

/// <summary>What clusterings need to know of points.</summary>
internal static class Points
{
    public static double Squared(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }

    public static double[] Mean(IReadOnlyList<double[]> points) =>
        [.. Enumerable.Range(0, points[0].Length).Select(d => points.Average(p => p[d]))];

    /// <summary>Euclidean distances between all points.</summary>
    public static double[][] Distances(double[][] points) => [.. points.Select(a => points.Select(b => Math.Sqrt(Squared(a, b))).ToArray())];
}
