using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Detection;

/// <summary>Clips as the means of their vectors, each value moved and scaled by the mean and deviation over normal clips.</summary>
internal static class StandardisedVectors
{
    public static IReadOnlyList<string> Names { get; } = ["mean", "deviation", "normals"];

    /// <summary>mean and deviation (values), normals (clips, values).</summary>
    /// <param name="clips">Of each clip (rows, values).</param>
    /// <param name="standardise">False: mean 0 and deviation 1.</param>
    public static Dictionary<string, Tensor> Learn(IReadOnlyList<Tensor> clips, bool standardise)
    {
        var all = stack(clips.Select(Mean), 0); // (clips, values)
        var mean = standardise ? all.mean([0L]) : zeros_like(all[0]); // (values)
        var spread = standardise ? all.std(0, unbiased: false) : ones_like(all[0]);
        var deviation = spread.masked_fill(spread == 0, 1); // (values); a value that never varies stays as it is
        return new(StringComparer.Ordinal) { ["mean"] = mean, ["deviation"] = deviation, ["normals"] = (all - mean) / deviation };
    }

    /// <summary>Euclidean distances of a clip (rows, values) to the normal clips: (clips).</summary>
    public static Tensor Distances(Tensor clip, IReadOnlyDictionary<string, Tensor> learned)
    {
        var point = (Mean(clip) - learned["mean"]) / learned["deviation"]; // (values)
        return (learned["normals"] - point).square().sum(1).sqrt(); // (clips)
    }

    /// <summary>Distances between normal clips, (clips, clips); from a clip to itself infinite, for none is its own neighbour.</summary>
    public static Tensor Between(Tensor normals) =>
        cdist(normals, normals).masked_fill(eye(normals.shape[0]).to(ScalarType.Bool), double.PositiveInfinity);

    private static Tensor Mean(Tensor clip) => clip.mean([0L]); // (values)
}
