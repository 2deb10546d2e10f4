using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>x * sigmoid(x), the U-Net's activation.</summary>
internal static class Silu
{
    /// <summary>Activates a tensor nobody else holds: over its own memory, unless its gradient will ask for the input.</summary>
    public static Tensor Over(Tensor own) => nn.functional.silu(own, inplace: !is_grad_enabled());
}
