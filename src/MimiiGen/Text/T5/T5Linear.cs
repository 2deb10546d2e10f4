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
        weight = new Parameter(empty(outputs, inputs));
        weight.DetachFromDisposeScope();
        nn.init.normal_(weight, 0, deviation);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => nn.functional.linear(x, weight); // (..., inputs) -> (..., outputs)
}
