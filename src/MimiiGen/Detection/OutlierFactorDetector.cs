using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Detection;

/// <summary>
/// Local outlier factor (Breunig et al. 2000), fitted to normal clips and asked of new ones, with scikit-learn's arithmetic (novelty = True): how much
/// thinner a clip's surroundings are than those of its nearest normal clips. 1 is as dense as they.
/// </summary>
/// <param name="neighbours">Neighbours that count, at least 1; never more than there are others.</param>
/// <param name="vectors">What it hears of a clip; the log-mel spectrum unless told otherwise.</param>
/// <param name="standardise">False: distances of the vectors as they are.</param>
public sealed class OutlierFactorDetector(int neighbours = 4, ClipVectors? vectors = null, bool standardise = true) : VectorDetector(vectors ?? ClipVectors.LogMel)
{
    private const double LeastDistance = 1e-10; // keeps the density of clips that are all alike finite

    /// <inheritdoc/>
    public override string Name => $"local outlier factor (k = {neighbours}, mean {VectorName})";

    private protected override IReadOnlyList<string> Names { get; } = [.. StandardisedVectors.Names, "reach", "density"];

    private protected override Dictionary<string, Tensor> Learn(IReadOnlyList<Tensor> clips)
    {
        if (clips.Count < 2) throw new BadInputException("a local outlier factor needs at least 2 normal clips");
        var learned = StandardisedVectors.Learn(clips, standardise);
        var normals = learned["normals"]; // (clips, values)
        var (near, who) = StandardisedVectors.Between(normals).topk(Neighbours(clips.Count - 1), dim: 1, largest: false); // (clips, k)
        learned["reach"] = near[.., (int)near.shape[1] - 1].clone(); // (clips): the distance to the k-th neighbour
        learned["density"] = Density(near, learned["reach"].index_select(0, who.reshape(-1)).reshape(who.shape)); // (clips)
        return learned;
    }

    private protected override double Score(Tensor clip, IReadOnlyDictionary<string, Tensor> learned)
    {
        var distances = StandardisedVectors.Distances(clip, learned); // (clips)
        var (near, who) = distances.topk(Neighbours((int)distances.shape[0] - 1), dim: 0, largest: false); // (k)
        var density = Density(near.unsqueeze(0), learned["reach"].index_select(0, who).unsqueeze(0)); // (1)
        return (learned["density"].index_select(0, who).mean() / density[0]).ToDouble();
    }

    private protected override double[] OwnScores(IReadOnlyList<Tensor> clips, IReadOnlyDictionary<string, Tensor> learned)
    {
        var (_, who) = StandardisedVectors.Between(learned["normals"]).topk(Neighbours(clips.Count - 1), dim: 1, largest: false); // (clips, k)
        var around = learned["density"].index_select(0, who.reshape(-1)).reshape(who.shape).mean([1L]); // (clips)
        return (around / learned["density"]).data<double>().ToArray();
    }

    private int Neighbours(int others) => Math.Max(1, Math.Min(neighbours, others));

    /// <summary>The inverse of the mean reachability distance, (clips, k) each: (clips).</summary>
    private static Tensor Density(Tensor distances, Tensor reach) => 1 / (maximum(distances, reach).mean([1L]) + LeastDistance);
}
