using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>Divides by the root of the mean square, without mean or bias; the mean square is taken in float32 whatever the weights are.</summary>
internal sealed class T5LayerNorm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly double epsilon;

    public T5LayerNorm(T5Config config)
        : base(nameof(T5LayerNorm))
    {
        epsilon = config.LayerNormEpsilon;
        weight = new Parameter(full(config.DModel, config.InitializerFactor, dtype: ScalarType.Float32));
        weight.DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <summary>(d_model).</summary>
    public Tensor Weight => weight;

    /// <summary>Added to the mean square.</summary>
    public double Epsilon => epsilon;

    public override Tensor forward(Tensor x) // (batch, tokens, d_model)
    {
        using var scope = NewDisposeScope();
        var wide = x.to(ScalarType.Float32);
        var unit = wide * rsqrt(wide.square().mean([-1], keepdim: true) + epsilon);
        return (weight * unit.to(weight.dtype)).MoveToOuterDisposeScope();
    }
}
