using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Optimization;

/// <summary>
/// Exponential moving average of a module's floating-point state; its decay rises over the updates (<see cref="MovingAverageDecay"/>), so that
/// short runs are averaged too.
/// </summary>
internal sealed class MovingAverageWeights : IDisposable
{
    private readonly Dictionary<string, Tensor> live;
    private readonly MovingAverageDecay decay;

    public MovingAverageWeights(nn.Module module, double decay)
    {
        this.decay = new MovingAverageDecay(decay);
        live = module.state_dict().Where(p => p.Value.is_floating_point()).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
        using var noGrad = no_grad();
        Shadow = live.ToDictionary(p => p.Key, p => p.Value.detach().clone().DetachFromDisposeScope(), StringComparer.Ordinal);
    }

    /// <summary>The averaged tensors by name; the tensors themselves.</summary>
    public IReadOnlyDictionary<string, Tensor> Shadow { get; }

    /// <summary>Updates so far.</summary>
    public long Updates { get; set; }

    /// <summary>Takes the module's present state into the average.</summary>
    public void Update()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using Tensor news = 1 - decay.At(++Updates); // ()
        foreach (var (name, average) in Shadow) average.lerp_(live[name], news);
    }

    /// <summary>Puts the average into the module and the module's own state into the average: call it twice to undo it.</summary>
    public void Swap()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (name, average) in Shadow)
        {
            var kept = average.clone();
            average.copy_(live[name]);
            live[name].copy_(kept);
        }
    }

    public void Dispose()
    {
        foreach (var average in Shadow.Values) average.Dispose();
    }
}
