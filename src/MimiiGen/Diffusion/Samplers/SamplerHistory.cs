using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>
/// What a multi-step sampler remembers of the earlier calls of one run. The run owns it, so that one sampler serves many runs; start each
/// run with a fresh one. The tensors in it live until they are dropped or it is disposed.
/// </summary>
public sealed class SamplerHistory : IDisposable
{
    private readonly List<Tensor> outputs = [];

    /// <summary>Calls of Step so far.</summary>
    internal int Calls { get; set; }

    /// <summary>How many outputs are remembered.</summary>
    internal int Count => outputs.Count;

    /// <summary>A sample from an earlier call that is still needed.</summary>
    internal Tensor? Sample { get; private set; }

    /// <summary>A running sum over the calls of one step.</summary>
    internal Tensor? Sum { get; private set; }

    /// <summary>An earlier output: 0 for the latest.</summary>
    internal Tensor this[int back] => outputs[back];

    /// <summary>Frees what is remembered.</summary>
    public void Dispose()
    {
        foreach (var output in outputs) output.Dispose();
        outputs.Clear();
        Sample?.Dispose();
        Sample = null;
        Sum?.Dispose();
        Sum = null;
    }

    /// <summary>Remembers an output as the latest and forgets all but <paramref name="keep"/>.</summary>
    internal void Remember(Tensor output, int keep)
    {
        outputs.Insert(0, output.alias().DetachFromDisposeScope());
        while (outputs.Count > keep)
        {
            outputs[^1].Dispose();
            outputs.RemoveAt(outputs.Count - 1);
        }
    }

    internal void RememberSample(Tensor sample)
    {
        Sample?.Dispose();
        Sample = sample.alias().DetachFromDisposeScope();
    }

    internal void RememberSum(Tensor sum)
    {
        Sum?.Dispose();
        Sum = sum.alias().DetachFromDisposeScope();
    }
}
