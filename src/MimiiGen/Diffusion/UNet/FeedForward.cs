using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>Two linear layers with a GEGLU between (Shazeer 2020, "GLU variants improve transformer"); parameters net.0.proj, net.2.</summary>
internal sealed class FeedForward : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Sequential net; // a ModuleDict can't be moved to another device or type (TorchSharp 0.107.0)

    public FeedForward(long channels)
        : base(nameof(FeedForward))
    {
        net = nn.Sequential(("0", new Geglu(channels, 4 * channels)), ("2", nn.Linear(4 * channels, channels)));
        RegisterComponents();
    }

    /// <summary>Adds its result to <paramref name="residual"/>.</summary>
    public override Tensor forward(Tensor hidden, Tensor residual) // (batch, positions, channels)
    {
        using var scope = NewDisposeScope();
        return InferenceLayers.FeedForward(((Geglu)net[0]).Projection, (Linear)net[1], hidden, residual).MoveToOuterDisposeScope(); // (batch, positions, channels)
    }

    /// <summary>The projection to values, first half, and gates.</summary>
    private sealed class Geglu : nn.Module<Tensor, Tensor>
    {
        private readonly Linear proj;

        public Geglu(long channels, long width)
            : base(nameof(Geglu))
        {
            proj = nn.Linear(channels, 2 * width);
            RegisterComponents();
        }

        public Linear Projection => proj;

        public override Tensor forward(Tensor hidden) // (batch, positions, channels)
        {
            using var scope = NewDisposeScope();
            var halves = proj.call(hidden).chunk(2, dim: -1); // 2 x (batch, positions, width)
            return (halves[0] * nn.functional.gelu(halves[1])).MoveToOuterDisposeScope(); // (batch, positions, width)
        }
    }
}
