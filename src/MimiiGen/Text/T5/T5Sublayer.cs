using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>Adds what a module makes of the normed input to the input; the module goes by the name it has in published checkpoints.</summary>
internal sealed class T5Sublayer<TModule> : nn.Module
    where TModule : nn.Module
{
    private const double LargestHalf = 65504 - 1000;

    private readonly T5LayerNorm norm;
    private readonly double dropout;

    public T5Sublayer(string name, TModule inner, T5Config config)
        : base(name)
    {
        dropout = config.DropoutRate;
        register_module(name, Inner = inner);
        register_module("layer_norm", norm = new T5LayerNorm(config));
    }

    public TModule Inner { get; }

    public Tensor Add(Tensor x, Func<Tensor, Tensor> apply) // (batch, tokens, d_model)
    {
        using var scope = NewDisposeScope();
        var sum = x + nn.functional.dropout(apply(norm.call(x)), dropout, training);
        // T5 was trained in bfloat16: its hidden states may leave the range of float16
        if (sum.dtype == ScalarType.Float16) sum = sum.clamp(-LargestHalf, LargestHalf);
        return sum.MoveToOuterDisposeScope();
    }

    /// <summary>Nothing more: the constructor gave the names, and fields would add second ones.</summary>
    protected override void RegisterComponents()
    {
    }
}
