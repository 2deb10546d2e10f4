using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>
/// Weights of the latent rows in the denoising loss: 1 / (1 - R²)², R² being the part of a row's variance that a linear prediction from its neighbours
/// in frequency and time explains. Most rows of machine sound are noise, of which nothing can be learned; the few that carry hum and tones, and
/// leakage from them, which has to cancel in the waveform, would be a hundredth of the loss without it.
/// </summary>
internal static class RowWeights
{
    private const int Reach = 2;
    private const int MostClips = 40;
    private const double Ridge = 1e-3;
    private const double Largest = 30;

    /// <summary>The weights, of mean 1: (rows).</summary>
    /// <param name="shapes">Latents of unit rms, each (rows, frames).</param>
    public static float[] Of(IReadOnlyList<Tensor> shapes)
    {
        using var noGrad = no_grad();
        var count = Math.Min(MostClips, shapes.Count);
        Tensor[] chosen = [.. Enumerable.Range(0, count).Select(i => shapes[(int)((long)i * shapes.Count / count)]).Where(s => s.shape[1] > 4 * Reach)];
        var rows = (int)shapes[0].shape[0];
        var weights = new double[rows];
        for (var row = 0; row < rows; row++) weights[row] = chosen.Length == 0 ? 1 : Math.Min(Largest, Math.Pow(1 - Math.Min(0.999, Explained(chosen, row, rows)), -2));
        var mean = weights.Average();
        return [.. weights.Select(w => (float)(w / mean))];
    }

    private static double Explained(IReadOnlyList<Tensor> shapes, int row, int rows)
    {
        using var scope = NewDisposeScope();
        var inputs = new List<Tensor>();
        var outputs = new List<Tensor>();
        foreach (var shape in shapes)
        {
            var frames = shape.shape[1] - (2 * Reach);
            var neighbours = new List<Tensor>();
            for (var other = Math.Max(0, row - Reach); other <= Math.Min(rows - 1, row + Reach); other++)
                for (var lag = -Reach; lag <= Reach; lag++)
                    if (other != row || lag != 0)
                        neighbours.Add(shape[other].narrow(0, Reach + lag, frames));
            inputs.Add(stack(neighbours, 1)); // (frames, neighbours)
            outputs.Add(shape[row].narrow(0, Reach, frames));
        }

        var x = cat(inputs).to(ScalarType.Float32); // (all frames, neighbours)
        var y = cat(outputs).to(ScalarType.Float32).unsqueeze(1); // (all frames, 1)
        var covariance = x.t().matmul(x) + (Ridge * x.shape[0] * eye(x.shape[1]));
        var residual = y - x.matmul(linalg.solve(covariance, x.t().matmul(y)));
        return 1 - (residual.square().mean() / y.square().mean()).ToDouble();
    }
}
