using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Scoring;

/// <summary>The distances between two sets of embeddings, and how varied each set is.</summary>
internal sealed class SetScores(ScoredSet real, ScoredSet generated, ClipBootstrap bootstrap, ScoreOptions options, ScoreSheet sheet)
{
    private const int Neighbours = 5;
    private const int FewestForExtrapolation = 1000; // rows: sizes go from 500 to all of them
    private const int Few = 50; // clips

    private readonly int clips = Math.Min(real.Clips.Count, generated.Clips.Count);

    public void AddAll()
    {
        using var scope = NewDisposeScope();
        if (clips < 2)
        {
            sheet.OfEmbeddings("FAD", null, null, "as between real halves", "a distance between sets needs at least two clips on each side");
            return;
        }

        Frechet();
        Extrapolated();
        Kernels();
        Manifolds();
        Vendi("Vendi score, real", real.Means, of => of.Real);
        Vendi("Vendi score, generated", generated.Means, of => of.Generated);
        Inception();
    }

    private static string? WhenFew(int there, int wanted, string why) => there < wanted ? $"too few clips ({there}): {why}" : null;

    private void Frechet()
    {
        var items = (int)Math.Min(real.Rows.shape[0], generated.Rows.shape[0]);
        var dimensions = real.Rows.shape[1];
        var verdict = items > dimensions ? null
            : $"too few clips: {items} rows for {dimensions} dimensions, so that the value is too large by an unknown amount; read KAD, or give more than {dimensions} rows a side";
        var value = FrechetDistance.Of(real.Rows, generated.Rows);
        var interval = bootstrap.Interval(value, (r, g) =>
        {
            using var x = real.RowsOf(r);
            using var y = generated.RowsOf(g);
            return FrechetDistance.Quick(x, y);
        }, lowest: 0);
        sheet.OfEmbeddings("FAD", value, interval, "as between real halves", verdict, Halves(FrechetDistance.Of));
        var each = generated.Clips.Where(c => c.Embedding.Rows.shape[0] > 1) // a single row has no covariance
            .ToDictionary(c => c.Name, c => FrechetDistance.Of(real.Rows, c.Embedding.Rows), StringComparer.Ordinal);
        if (each.Count == 0) return;
        var mean = Bootstrap.Of([[.. each.Values]], drawn => drawn[0].Average(), options.Seed);
        sheet.OfEmbeddings("FAD of each clip, mean", mean.Estimate, [mean.Low, mean.High], "as of real clips", eachClip: each);
    }

    private void Extrapolated()
    {
        var items = generated.Rows.shape[0];
        if (items < FewestForExtrapolation)
        {
            sheet.OfEmbeddings("FAD infinity", null, null, "0", $"too few clips: the line through several n needs at least {FewestForExtrapolation} rows, there are {items}");
            return;
        }

        var fit = FadInfinity.Of(real.Rows, generated.Rows, options.Seed);
        var interval = Bootstrap.Of(
            [[.. Enumerable.Range(0, fit.Points.Count).Select(i => (double)i)]],
            drawn => drawn[0].Distinct().Count() < 3 ? fit.Value : FadInfinity.Line([.. drawn[0].Select(i => fit.Points[(int)i])]).Value,
            options.Seed);
        sheet.OfEmbeddings("FAD infinity", fit.Value, [interval.Low, interval.High], "0", fit.RSquared < 0.5 ? $"the line explains {fit.RSquared:0%} of the variance only: a matter of the draw" : null);
    }

    private void Kernels()
    {
        var verdict = WhenFew(clips, 20, "the value is unbiased, but its interval is wide");
        var bandwidth = KernelDistance.MedianDistance(real.Rows);
        Add("KAD", KernelDistance.Scale, (a, b) => KernelDistance.Kernel(a, b, bandwidth));
        Add("KID", 1, (a, b) => KernelInceptionDistance.Kernel(a, b));

        void Add(string metric, double scale, Func<Tensor, Tensor, Tensor> kernel)
        {
            using var scope = NewDisposeScope();
            var (xx, yy, xy) = (kernel(real.Rows, real.Rows), kernel(generated.Rows, generated.Rows), kernel(real.Rows, generated.Rows));
            var value = scale * Discrepancy.Of(xx, yy, xy);
            var (r, g) = (real.Membership(), generated.Membership());
            Tensor[] means = [Means(xx, r, r), Means(yy, g, g), Means(xy, r, g)]; // by clips
            var interval = bootstrap.Interval(value, (i, j) => scale * Discrepancy.Of(Pick(means[0], i, i), Pick(means[1], j, j), Pick(means[2], i, j)));
            sheet.OfEmbeddings(metric, value, interval, "0", verdict, Halves((a, b) => scale * Discrepancy.Of(kernel(a, a), kernel(b, b), kernel(a, b))));
        }

        static Tensor Means(Tensor values, Tensor first, Tensor second) =>
            first.mm(values).mm(second.t()) / first.sum(1, keepdim: true).mm(second.sum(1, keepdim: true).t());
    }

    private void Manifolds()
    {
        string[] names = ["precision", "recall", "density", "coverage"];
        if (clips < Neighbours + 2)
        {
            foreach (var name in names) sheet.OfEmbeddings(name, null, null, "1", $"too few clips ({clips}): {Neighbours} neighbours need at least {Neighbours + 2} on each side");
            return;
        }

        Tensor[] d = [Rows.Distances(real.Means, real.Means), Rows.Distances(generated.Means, generated.Means), Rows.Distances(real.Means, generated.Means)];
        var values = Values(Manifold.Of(d[0], d[1], d[2], Neighbours));
        var intervals = bootstrap.Intervals(values, (i, j) =>
        {
            using var scope = NewDisposeScope();
            return Values(Manifold.Of(Pick(d[0], i, i), Pick(d[1], j, j), Pick(d[2], i, j), Neighbours));
        }, 0, double.PositiveInfinity);
        for (var m = 0; m < names.Length; m++)
        {
            double[] interval = names[m] == "density" ? intervals[m] : [.. intervals[m].Select(bound => Math.Min(1, bound))];
            sheet.OfEmbeddings(names[m], values[m], interval, "1", WhenFew(clips, Few, $"{Neighbours} neighbours among so few reach far"));
        }

        static double[] Values(Manifold manifold) => [manifold.Precision, manifold.Recall, manifold.Density, manifold.Coverage];
    }

    private void Vendi(string metric, Tensor rows, Func<(int[] Real, int[] Generated), int[]> side)
    {
        using var scope = NewDisposeScope();
        var unit = nn.functional.normalize(rows, 2, 1);
        var cosines = unit.mm(unit.t()); // (clips, clips)
        var value = VendiScore.Of(rows);
        var interval = bootstrap.Interval(
            value,
            (r, g) =>
            {
                var drawn = side((r, g));
                return VendiScore.OfCosines(Pick(cosines, drawn, drawn));
            },
            lowest: 1,
            highest: rows.shape[0]);
        var verdict = real.Clips.Count == generated.Clips.Count ? null : "grows with the number of clips: compare sets of one size";
        sheet.OfEmbeddings(metric, value, interval, "as real", verdict);
    }

    private void Inception()
    {
        if (real.Logits is null || generated.Logits is null) return;
        Add("Inception Score, real", real.Logits, (r, _) => r);
        Add("Inception Score, generated", generated.Logits, (_, g) => g);

        void Add(string metric, Tensor logits, Func<int[], int[], int[]> side)
        {
            var value = InceptionScore.Of(logits).Mean;
            var interval = bootstrap.Interval(value, (r, g) =>
            {
                using var scope = NewDisposeScope();
                return InceptionScore.Of(logits.index_select(0, Indices(side(r, g)))).Mean;
            }, lowest: 1);
            sheet.OfEmbeddings(metric, value, interval, "as real", WhenFew((int)logits.shape[0], (int)logits.shape[1], $"fewer than the {logits.shape[1]} classes; with so few the score falls short"));
        }
    }

    private double? Halves(Func<Tensor, Tensor, double> distance)
    {
        using var scope = NewDisposeScope();
        int[] shuffled = [.. Enumerable.Range(0, real.Clips.Count)];
        new Random(options.Seed).Shuffle(shuffled);
        var half = shuffled.Length / 2;
        return half < 2 ? null : distance(real.RowsOf(shuffled[..half]), real.RowsOf(shuffled[half..]));
    }

    private static Tensor Indices(int[] which) => tensor(which.Select(i => (long)i).ToArray());

    private static Tensor Pick(Tensor values, int[] rows, int[] columns)
    {
        using var scope = NewDisposeScope();
        return values.index_select(0, Indices(rows)).index_select(1, Indices(columns)).MoveToOuterDisposeScope();
    }
}
