using MimiiGen.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>A projection without bias, its weight (outputs, inputs) drawn from a normal distribution of a given deviation.</summary>
internal sealed class T5Linear : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;

    public T5Linear(int inputs, int outputs, double deviation)
        : base(nameof(T5Linear))
    {
        weight = T5InitialWeights.Normal(outputs, inputs, deviation);
        RegisterComponents();
    }

    /// <summary>Type of the weight.</summary>
    public ScalarType Type => weight.dtype;

    /// <summary>The same by <c>Kernels</c>, through an activation, plus an addend; the weight is laid out for this call alone, since the large models fill the memory.</summary>
    /// <param name="x">(tokens, inputs).</param>
    /// <param name="add">(tokens, outputs), before the activation; none: nothing.</param>
    /// <returns>(tokens, outputs).</returns>
    public Tensor Pass<TActivation>(Tensor x, Tensor? add = null)
        where TActivation : struct, IActivation => TokenProduct.Run<TActivation>(x, new PackedMatrix(weight), add);

    /// <summary>In the weight's type, whatever the input's: one layer may be wider than its neighbours.</summary>
    public override Tensor forward(Tensor x) // (..., inputs) -> (..., outputs)
    {
        if (x.dtype == weight.dtype) return nn.functional.linear(x, weight);
        using var cast = x.to(weight.dtype);
        return nn.functional.linear(cast, weight);
    }
}
