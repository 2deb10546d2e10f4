using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training.Adversarial;

/// <summary>
/// Makes a loss's weight the share of the gradient that it has, whatever its natural scale (Défossez et al. 2022, section 3.4): with g_i the
/// gradient of loss i in the codec's output, ĝ = Σ λ_i / Σλ · g_i / ⟨|g_i|⟩, the norm averaged exponentially over steps.
/// </summary>
internal sealed class GradientBalancer : IDisposable
{
    private const double Decay = 0.999;
    private const double Epsilon = 1e-12;

    private readonly double[] weights;
    private readonly Tensor norms; // sum of the norms, each older by a factor of the decay
    private readonly Tensor counts; // sum of the factors: (1)

    /// <param name="weights">λ_i of each loss.</param>
    public GradientBalancer(IReadOnlyList<double> weights)
    {
        this.weights = [.. weights];
        norms = zeros(weights.Count, ScalarType.Float64).DetachFromDisposeScope();
        counts = zeros(1, ScalarType.Float64).DetachFromDisposeScope();
    }

    /// <summary>What the next step depends on; the tensors themselves.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State() => [new("norms", norms), new("counts", counts)];

    /// <summary>The balanced gradient, of the shape of <paramref name="output"/>.</summary>
    /// <param name="output">(batch, ...): the codec's output, a leaf that requires its gradient.</param>
    /// <param name="losses">Scalars that depend on it, in the order of the weights.</param>
    public Tensor Balance(Tensor output, IReadOnlyList<Tensor> losses)
    {
        using var scope = NewDisposeScope();
        Tensor[] gradients = [.. losses.Select(loss => autograd.grad([loss], [output], retain_graph: true)[0])];
        using var noGrad = no_grad();
        norms.mul_(Decay);
        counts.mul_(Decay).add_(1);
        var sum = zeros_like(output);
        for (var i = 0; i < gradients.Length; i++)
        {
            var norm = gradients[i].flatten(1).square().sum([1]).sqrt().mean().ToDouble(); // mean over the batch
            norms[i] += norm;
            var average = (norms[i] / counts[0]).ToDouble();
            sum.add_(gradients[i], alpha: weights[i] / weights.Sum() / (average + Epsilon));
        }

        return sum.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        norms.Dispose();
        counts.Dispose();
    }
}
