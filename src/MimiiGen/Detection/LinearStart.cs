using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Detection;

/// <summary>PyTorch's default start of linear layers, U(-1/sqrt(inputs), 1/sqrt(inputs)), from a generator of its own.</summary>
internal static class LinearStart
{
    public static void Draw(IEnumerable<Linear> layers, ulong seed)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var generator = new Generator(seed);
        foreach (var linear in layers)
        {
            var bound = 1 / Math.Sqrt(linear.weight.shape[1]);
            linear.weight.uniform_(-bound, bound, generator);
            linear.bias!.uniform_(-bound, bound, generator);
        }
    }
}
