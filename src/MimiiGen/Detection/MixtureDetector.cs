using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Detection;

/// <summary>
/// A mixture of Gaussians with diagonal covariances on the vectors of normal clips, fitted by expectation and maximisation from a k-means start, with
/// scikit-learn's settings (variances + 1e-6, up to 100 rounds, stop below a gain of 1e-3). A clip's score is the mean negative log-likelihood of its vectors.
/// </summary>
/// <param name="components">Gaussians, at least 1; never more than there are vectors.</param>
/// <param name="vectors">What it hears of a clip; the log-mel spectrum unless told otherwise.</param>
/// <param name="seed">Draws the start.</param>
public sealed class MixtureDetector(int components = 16, ClipVectors? vectors = null, int seed = 0) : VectorDetector(vectors ?? ClipVectors.LogMel)
{
    private const double LeastVariance = 1e-6;
    private const int MostRounds = 100;
    private const double LeastGain = 1e-3;

    /// <inheritdoc/>
    public override string Name => $"Gaussian mixture ({components}, {VectorName})";

    private protected override IReadOnlyList<string> Names { get; } = ["weights", "means", "variances"];

    private protected override Dictionary<string, Tensor> Learn(IReadOnlyList<Tensor> clips)
    {
        var rows = cat([.. clips], 0); // (rows, values)
        var count = (int)Math.Min(components, rows.shape[0]);
        var learned = Maximise(rows, nn.functional.one_hot(KMeansLabels(rows, count), count).to(ScalarType.Float64));
        var before = double.NegativeInfinity;
        for (var round = 0; round < MostRounds; round++)
        {
            using var scope = NewDisposeScope();
            var joint = LogJoint(rows, learned); // (rows, components)
            var evidence = joint.logsumexp(1, keepdim: true); // (rows, 1)
            var mean = evidence.mean().ToDouble();
            var next = Maximise(rows, (joint - evidence).exp());
            foreach (var (name, value) in next) learned[name].copy_(value);
            if (Math.Abs(mean - before) < LeastGain) break;
            before = mean;
        }

        return learned;
    }

    private protected override double Score(Tensor clip, IReadOnlyDictionary<string, Tensor> learned) => -LogJoint(clip, learned).logsumexp(1).mean().ToDouble();

    /// <summary>Log of weight times density: (rows, components).</summary>
    private static Tensor LogJoint(Tensor rows, IReadOnlyDictionary<string, Tensor> learned)
    {
        var precisions = 1 / learned["variances"]; // (components, values)
        var means = learned["means"]; // (components, values)
        var distances = (means.square() * precisions).sum(1) - (2 * rows.mm((means * precisions).t())) + rows.square().mm(precisions.t()); // (rows, components)
        var constants = learned["weights"].log() - (0.5 * ((rows.shape[1] * Math.Log(2 * Math.PI)) + learned["variances"].log().sum(1))); // (components)
        return constants - (0.5 * distances);
    }

    /// <summary>Weights (components), means and variances (components, values) from each row's part in each component (rows, components).</summary>
    private static Dictionary<string, Tensor> Maximise(Tensor rows, Tensor parts)
    {
        var counts = parts.sum([0L]).clamp_min(1e-300); // (components); a component may lose all its vectors
        var means = parts.t().mm(rows) / counts.unsqueeze(1); // (components, values)
        var squares = parts.t().mm(rows.square()) / counts.unsqueeze(1);
        return new(StringComparer.Ordinal)
        {
            ["weights"] = counts / counts.sum(),
            ["means"] = means,
            ["variances"] = (squares - means.square()).clamp_min(0) + LeastVariance,
        };
    }

    /// <summary>Lloyd's algorithm from k-means++ centres: the cluster of each row, (rows).</summary>
    private Tensor KMeansLabels(Tensor rows, int count)
    {
        var chance = new Random(seed);
        var centres = new List<Tensor> { rows[chance.Next((int)rows.shape[0])] };
        while (centres.Count < count)
        {
            var nearest = cdist(rows, stack(centres, 0)).square().amin([1L]); // (rows)
            var sums = nearest.cumsum(0); // (rows)
            var drawn = (sums <= chance.NextDouble() * sums[-1]).sum().ToInt64();
            centres.Add(rows[Math.Min(drawn, rows.shape[0] - 1)]);
        }

        var middle = stack(centres, 0); // (components, values)
        var labels = cdist(rows, middle).argmin(1); // (rows)
        for (var round = 0; round < MostRounds; round++)
        {
            var members = nn.functional.one_hot(labels, count).to(ScalarType.Float64); // (rows, components)
            var counts = members.sum([0L]).unsqueeze(1); // (components, 1)
            middle = where(counts > 0, members.t().mm(rows) / counts.clamp_min(1), middle);
            var next = cdist(rows, middle).argmin(1);
            if (next.eq(labels).all().ToBoolean()) break;
            labels = next;
        }

        return labels;
    }
}
