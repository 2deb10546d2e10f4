using MimiiGen.Diffusion;
using MimiiGen.Training;
using static TorchSharp.torch;

namespace MimiiGen.Experiments.Measuring;

/// <summary>
/// Mean and variance of each latent row over all training clips and frames, and what a cut into channels makes of them. The paper normalises by channel, which is right as long as
/// the rows of a channel are alike: where they aren't, the quiet ones stay quiet and drown in the loss.
/// </summary>
internal sealed class RowVariances
{
    private readonly double[] means;
    private readonly double[] variances;

    /// <param name="store">The latents.</param>
    public RowVariances(LatentStore store)
    {
        var rows = store.Levels.Rows;
        means = [.. store.RowMeans.Select(m => (double)m)];
        variances = new double[rows];
        double frames = store.Shapes.Sum(s => s.shape[1]);
        for (var i = 0; i < store.Shapes.Count; i++)
        {
            using var scope = NewDisposeScope();
            var power = store.Shapes[i].to(ScalarType.Float64).square().sum(1).data<double>().ToArray(); // (rows), of unit rms
            var levels = store.Levels.Of(i);
            for (var row = 0; row < rows; row++) variances[row] += power[row] * Math.Exp(2 * levels[1 + row]) / frames;
        }
    }

    /// <param name="means">Of each row.</param>
    /// <param name="variances">Of each row.</param>
    internal RowVariances(double[] means, double[] variances) => (this.means, this.variances) = (means, variances);

    /// <summary>
    /// Mean variance within channels; variance between their means; largest over smallest deviation of channels; smallest variance of a row once channels are normalised to 1
    /// (once rows are, it is 1 everywhere); largest over smallest deviation of a channel's rows, which that leaves as it was, mean over channels.
    /// </summary>
    public IReadOnlyList<double> Of(LatentLayout layout)
    {
        var channels = Enumerable.Range(0, layout.Channels).Select(c => Enumerable.Range(0, layout.Height).Select(r => layout.DimensionAt(c, r)).ToArray()).ToArray();
        double[] centres = [.. channels.Select(c => c.Average(d => means[d]))];
        double[] within = [.. channels.Select((c, i) => c.Average(d => variances[d] + Math.Pow(means[d] - centres[i], 2)))];
        var quietest = channels.Select((c, i) => c.Min(d => variances[d]) / within[i]).Min();
        double[] contrast = [.. channels.Select(c => Math.Sqrt(c.Max(d => variances[d]) / c.Min(d => variances[d])))];
        return [within.Average(), centres.Average(m => Math.Pow(m - centres.Average(), 2)), Math.Sqrt(within.Max() / within.Min()), quietest, contrast.Average()];
    }
}
