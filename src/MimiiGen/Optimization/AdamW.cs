using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Optimization;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter 2019; the arithmetic of PyTorch's AdamW). Its state is kept by parameter
/// name, so that a checkpoint holds it as plain tensors and a resumed run takes the very same next step. Scalars are made once a step.
/// </summary>
internal sealed class AdamW : IDisposable
{
    private readonly List<Slot> slots;
    private readonly Tensor steps = zeros(1, ScalarType.Int64).DetachFromDisposeScope();
    private readonly double beta1;
    private readonly double beta2;
    private readonly double epsilon;
    private readonly double weightDecay;

    public AdamW(IEnumerable<(string Name, Parameter Parameter)> parameters, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0.01)
    {
        (this.beta1, this.beta2, this.epsilon, this.weightDecay) = (beta1, beta2, epsilon, weightDecay);
        slots = [.. parameters.Select(p => new Slot(p.Name, p.Parameter,
            zeros_like(p.Parameter).requires_grad_(false).DetachFromDisposeScope(), zeros_like(p.Parameter).requires_grad_(false).DetachFromDisposeScope()))];
    }

    /// <summary>Steps taken so far.</summary>
    public long Steps => steps.ToInt64();

    /// <summary>Number of steps and first and second moments by name: <c>step</c>, <c>NAME.exp_avg</c>, <c>NAME.exp_avg_sq</c>; the tensors themselves.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State()
    {
        yield return new("step", steps);
        foreach (var slot in slots)
        {
            yield return new($"{slot.Name}.exp_avg", slot.Mean);
            yield return new($"{slot.Name}.exp_avg_sq", slot.Square);
        }
    }

    /// <summary>One step from the gradients; parameters without a gradient stay as they are.</summary>
    public void Step(double learningRate)
    {
        using var noGrad = no_grad();
        using Scalar one = 1;
        using (NewDisposeScope()) steps.add_(one, one);
        var taken = Steps;
        using Scalar kept = 1 - (learningRate * weightDecay);
        using Tensor newInMean = 1 - beta1; // (): there is no lerp by a scalar
        using Scalar oldInSquare = beta2;
        using Scalar newInSquare = 1 - beta2;
        using Scalar correction = Math.Sqrt(1 - Math.Pow(beta2, taken));
        using Scalar floor = epsilon;
        using Scalar rate = -learningRate / (1 - Math.Pow(beta1, taken));
        foreach (var slot in slots)
        {
            using var scope = NewDisposeScope();
            if (slot.Parameter.grad is not { } gradient) continue;
            if (weightDecay != 0) slot.Parameter.mul_(kept);
            slot.Mean.lerp_(gradient, newInMean);
            slot.Square.mul_(oldInSquare).addcmul_(gradient, gradient, newInSquare);
            var denominator = slot.Square.sqrt().div_(correction).add_(floor, one);
            slot.Parameter.addcdiv_(slot.Mean, denominator, rate);
        }
    }

    /// <summary>Forgets the gradients.</summary>
    public void ZeroGradients()
    {
        foreach (var slot in slots) slot.Parameter.grad?.zero_();
    }

    /// <summary>Joint norm of all gradients; not finite where one of them is not.</summary>
    public double GradientNorm()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return stack(Gradients().Select(g => g.norm())).norm().ToDouble();
    }

    /// <summary>Scales the gradients so that their joint norm is at most <paramref name="largest"/>; gives the norm before.</summary>
    public double ClipGradients(double largest)
    {
        var norm = GradientNorm();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        if (norm > largest)
            foreach (var gradient in Gradients())
                gradient.mul_(largest / (norm + 1e-6));
        return norm;
    }

    /// <summary>The first parameter whose value, or else whose gradient, is not finite, in words; null where all are.</summary>
    public string? FindNonFinite()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return slots.Where(s => !AllFinite(s.Parameter)).Select(s => $"weight '{s.Name}' is not finite").FirstOrDefault()
            ?? slots.Where(s => s.Parameter.grad is { } g && !AllFinite(g)).Select(s => $"the gradient of '{s.Name}' is not finite").FirstOrDefault();
    }

    public void Dispose()
    {
        steps.Dispose();
        foreach (var slot in slots)
        {
            slot.Mean.Dispose();
            slot.Square.Dispose();
        }
    }

    private static bool AllFinite(Tensor tensor) => tensor.isfinite().all().ToBoolean();

    private IEnumerable<Tensor> Gradients() => slots.Select(s => s.Parameter.grad).OfType<Tensor>();

    private sealed record Slot(string Name, Parameter Parameter, Tensor Mean, Tensor Square);
}
