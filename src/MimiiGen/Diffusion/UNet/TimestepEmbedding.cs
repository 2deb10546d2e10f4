using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>Linear, SiLU, linear: from the sinusoids of the timestep, or from a clip's vector, to the embedding all resnets see.</summary>
internal sealed class TimestepEmbedding : nn.Module<Tensor, Tensor>
{
    private readonly Linear linear_1, linear_2;

    public TimestepEmbedding(long inputDim, long embeddingDim)
        : base(nameof(TimestepEmbedding))
    {
        linear_1 = nn.Linear(inputDim, embeddingDim);
        linear_2 = nn.Linear(embeddingDim, embeddingDim);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) // (batch, input dim)
    {
        using var scope = NewDisposeScope();
        return InferenceLayers.Project(linear_2, Silu.Over(InferenceLayers.Project(linear_1, input))).MoveToOuterDisposeScope(); // (batch, embedding dim)
    }

    /// <summary>
    /// Sines and cosines of t * 10000^(-k / (half - shift)), k = 0 .. half - 1 (Vaswani et al. 2017, as in diffusers); an odd dim ends with a zero.
    /// </summary>
    /// <param name="timestep">Whole or fractional timesteps (batch).</param>
    /// <param name="dim">Components of the result.</param>
    /// <param name="cosinesFirst">diffusers' flip_sin_to_cos.</param>
    /// <param name="shift">diffusers' freq_shift.</param>
    public static Tensor Sinusoids(Tensor timestep, long dim, bool cosinesFirst, double shift)
    {
        using var scope = NewDisposeScope();
        var half = dim / 2;
        var exponents = arange(half, dtype: float32, device: timestep.device) * -Math.Log(10000); // (half)
        var angles = timestep.to(float32).unsqueeze(1) * exponents.div(half - shift).exp(); // (batch, half)
        var (first, second) = cosinesFirst ? (angles.cos(), angles.sin()) : (angles.sin(), angles.cos());
        var both = dim % 2 == 0 ? cat([first, second], 1) : cat([first, second, zeros_like(angles.narrow(1, 0, 1))], 1);
        return both.MoveToOuterDisposeScope(); // (batch, dim)
    }
}
