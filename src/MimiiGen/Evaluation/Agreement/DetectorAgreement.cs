using MimiiGen.Detection;
using MimiiGen.Evaluation.Report;

namespace MimiiGen.Evaluation.Agreement;

/// <summary>
/// Whether generated clips put detectors (and machines) into the order that real ones put them: what a user needs to choose a detector. Intervals come from
/// clips drawn anew, the same ones for all detectors of a machine.
/// </summary>
internal static class DetectorAgreement
{
    private const int Resamples = 500;
    private const int FewestRanked = 3;

    /// <summary>Of the detectors that scored every machine; null with fewer than three of them.</summary>
    public static AgreementResult? OfDetectors(IReadOnlyList<MachineResult> machines, int seed)
    {
        if (machines.Count == 0) return null;
        string[] names = [.. machines[0].Detectors.Where(d => d.Outcome is not null).Select(d => d.Detector).Where(n => machines.All(m => m.Detectors.Any(d => d.Detector == n && d.Outcome is not null)))];
        if (names.Length < FewestRanked) return null;
        Groups[][] scores = [.. machines.Select(m => names.Select(n => new Groups(m.Detectors.First(d => d.Detector == n).Outcome!.Scores)).ToArray())]; // [machine][detector]
        return Of(names, seed, draw =>
        {
            var drawn = scores.Select(draw.Of).ToArray();
            return (Means(drawn, s => s.Real), Means(drawn, s => s.Generated));
        });

        double[] Means((double Real, double Generated)[][] drawn, Func<(double Real, double Generated), double> part) =>
            [.. Enumerable.Range(0, names.Length).Select(d => drawn.Average(machine => part(machine[d])))];
    }

    /// <summary>Of the machines, by the first detector; null with fewer than three of them.</summary>
    public static AgreementResult? OfMachines(IReadOnlyList<MachineResult> machines, int seed)
    {
        if (machines.Count < FewestRanked) return null;
        Groups[][] scores = [.. machines.Select(m => new[] { new Groups(m.Scores) })];
        return Of([.. machines.Select(m => $"{m.Machine} {m.Id}")], seed, draw =>
        {
            var drawn = scores.Select(draw.Of).ToArray();
            return ([.. drawn.Select(d => d[0].Real)], [.. drawn.Select(d => d[0].Generated)]);
        });
    }

    private static AgreementResult? Of(string[] names, int seed, Func<Draw, (double[] Real, double[] Generated)> areas)
    {
        var itself = areas(new Draw(null));
        var (kendall, spearman) = (new List<double>(), new List<double>());
        var chance = new Random(seed);
        for (var r = 0; r < Resamples; r++)
        {
            var (real, generated) = areas(new Draw(chance));
            kendall.Add(RankCorrelation.Kendall(real, generated));
            spearman.Add(RankCorrelation.Spearman(real, generated));
        }

        var estimate = RankCorrelation.Kendall(itself.Real, itself.Generated);
        if (double.IsNaN(estimate)) return null;
        return new AgreementResult
        {
            Kendall = Interval(estimate, kendall),
            Spearman = Interval(RankCorrelation.Spearman(itself.Real, itself.Generated), spearman),
            Ranking = [.. names.Select((n, i) => new RankedAuc(n, itself.Real[i], itself.Generated[i])).OrderByDescending(r => r.Real)],
        };
    }

    private static Interval Interval(double estimate, List<double> values)
    {
        double[] known = [.. values.Where(v => !double.IsNaN(v))];
        return known.Length == 0 ? new Interval(estimate, -1, 1) : new Interval(estimate, Math.Min(estimate, Quantile.Of(known, 0.025)), Math.Max(estimate, Quantile.Of(known, 0.975)));
    }

    /// <summary>The four groups of scores of one detector on one machine.</summary>
    private sealed class Groups(ScoreGroups scores)
    {
        public double[][] All { get; } =
        [
            [.. scores.RealNormal.Select(s => s.Score)], [.. scores.RealAnomaly.Select(s => s.Score)], [.. scores.GeneratedNormal.Select(s => s.Score)], [.. scores.GeneratedAnomaly.Select(s => s.Score)],
        ];
    }

    /// <summary>Draws clips with replacement, or takes them as they are.</summary>
    private sealed class Draw(Random? chance)
    {
        public (double Real, double Generated)[] Of(Groups[] detectors)
        {
            int[][] places = [.. detectors[0].All.Select(g => Enumerable.Range(0, g.Length).Select(i => chance?.Next(g.Length) ?? i).ToArray())];
            return [.. detectors.Select(d =>
            {
                double[][] drawn = [.. d.All.Zip(places, (g, p) => p.Select(i => g[i]).ToArray())];
                return (RocCurve.Of(drawn[0], drawn[1]).Area, RocCurve.Of(drawn[2], drawn[3]).Area);
            })];
        }
    }
}
