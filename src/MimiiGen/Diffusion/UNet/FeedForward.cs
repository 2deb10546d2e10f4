using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>Two linear layers with a GEGLU between (Shazeer 2020, "GLU variants improve transformer"); parameters net.0.proj, net.2.</summary>
internal sealed class FeedForward : nn.Module<Tensor, Tensor>
{
    private readonly Sequential net;

    public FeedForward(long channels)
        : base(nameof(FeedForward))
    {
        net = nn.Sequential(("0", new Geglu(channels, 4 * channels)), ("2", nn.Linear(4 * channels, channels)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden) => net.forward(hidden); // (batch, positions, channels)

    /// <summary>value * GELU(gate) with the exact (erf) GELU; the first half of the projection is the value.</summary>
    private sealed class Geglu : nn.Module<Tensor, Tensor>
    {
        private readonly Linear proj;

        public Geglu(long channels, long width)
            : base(nameof(Geglu))
        {
            proj = nn.Linear(channels, 2 * width);
            RegisterComponents();
        }

        public override Tensor forward(Tensor hidden) // (batch, positions, channels)
        {
            using var scope = NewDisposeScope();
            var halves = proj.forward(hidden).chunk(2, dim: -1); // 2 x (batch, positions, width)
            return nn.functional.gelu(halves[1]).mul_(halves[0]).MoveToOuterDisposeScope(); // (batch, positions, width)
        }
    }
}
