using MimiiGen.Tests.Golden;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Diffusion;

/// <summary>Inputs by formula: as the weights, but with variance 1 ("formula unit" in the goldens).</summary>
internal static class FormulaInput
{
    public static Tensor Unit(string name, params long[] shape)
    {
        var scale = Math.Sqrt(shape.Aggregate(1L, (a, b) => a * b) / (double)shape[0]);
        return tensor([.. Formula.Values(name, shape).Select(v => (float)(v * scale))], shape);
    }
}
