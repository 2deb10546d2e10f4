using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Detection;

/// <summary>
/// A detector without a network: a clip is the mean of its vectors, each value standardised by the normal clips, and its score the mean Euclidean
/// distance to the nearest of them. Small training sets suit it.
/// </summary>
/// <param name="neighbours">How many nearest normal clips count, at least 1; never more than there are.</param>
/// <param name="vectors">What it hears of a clip; the log-mel spectrum unless told otherwise.</param>
/// <param name="standardise">False: distances of the vectors as they are.</param>
public sealed class NeighbourDetector(int neighbours = 1, ClipVectors? vectors = null, bool standardise = true) : VectorDetector(vectors ?? ClipVectors.LogMel)
{
    /// <inheritdoc/>
    public override string Name => $"nearest neighbours (k = {neighbours}, mean {VectorName})";

    private protected override IReadOnlyList<string> Names => StandardisedVectors.Names;

    private protected override Dictionary<string, Tensor> Learn(IReadOnlyList<Tensor> clips) => StandardisedVectors.Learn(clips, standardise);

    private protected override double Score(Tensor clip, IReadOnlyDictionary<string, Tensor> learned)
    {
        var distances = StandardisedVectors.Distances(clip, learned); // (clips)
        return distances.sort().Values[..Math.Min(neighbours, (int)distances.shape[0])].mean().ToDouble();
    }

    private protected override double[] OwnScores(IReadOnlyList<Tensor> clips, IReadOnlyDictionary<string, Tensor> learned)
    {
        if (clips.Count < 2) return [];
        var (near, _) = StandardisedVectors.Between(learned["normals"]).topk(Math.Min(neighbours, clips.Count - 1), dim: 1, largest: false); // (clips, k)
        return near.mean([1L]).data<double>().ToArray();
    }
}
