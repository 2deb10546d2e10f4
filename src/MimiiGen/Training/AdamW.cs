using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter 2019; the arithmetic of PyTorch's AdamW). Its state is kept by parameter
/// name, so that a checkpoint holds it as plain tensors and a resumed run takes the very same next step.
/// </summary>
internal sealed class AdamW : IDisposable
{
    private readonly List<Slot> slots;
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
    public long Steps { get; set; }

    /// <summary>First and second moments by name: <c>NAME.exp_avg</c>, <c>NAME.exp_avg_sq</c>; the tensors themselves.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State()
    {
        foreach (var slot in slots)
        {
            yield return new($"{slot.Name}.exp_avg", slot.Mean);
            yield return new($"{slot.Name}.exp_avg_sq", slot.Square);
        }
    }

    /// <summary>One step from the gradients; parameters without a gradient stay as they are.</summary>
    public void Step(double learningRate)
    {
        Steps++;
        using var noGrad = no_grad();
        var correction1 = 1 - Math.Pow(beta1, Steps);
        var correction2 = Math.Sqrt(1 - Math.Pow(beta2, Steps));
        foreach (var slot in slots)
        {
            using var scope = NewDisposeScope();
            if (slot.Parameter.grad is not { } gradient) continue;
            if (weightDecay != 0) slot.Parameter.mul_(1 - (learningRate * weightDecay));
            slot.Mean.lerp_(gradient, 1 - beta1);
            slot.Square.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
            var denominator = slot.Square.sqrt().div_(correction2).add_(epsilon);
            slot.Parameter.addcdiv_(slot.Mean, denominator, -learningRate / correction1);
        }
    }

    /// <summary>Forgets the gradients.</summary>
    public void ZeroGradients()
    {
        foreach (var slot in slots) slot.Parameter.grad?.zero_();
    }

    /// <summary>Scales the gradients so that their joint norm is at most <paramref name="largest"/>; gives the norm before.</summary>
    public double ClipGradients(double largest)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var gradients = slots.Select(s => s.Parameter.grad).OfType<Tensor>().ToArray();
        var norm = stack(gradients.Select(g => g.norm())).norm().ToDouble();
        if (norm > largest)
            foreach (var gradient in gradients)
                gradient.mul_(largest / (norm + 1e-6));
        return norm;
    }

    public void Dispose()
    {
        foreach (var slot in slots)
        {
            slot.Mean.Dispose();
            slot.Square.Dispose();
        }
    }

    private sealed record Slot(string Name, Parameter Parameter, Tensor Mean, Tensor Square);
}
