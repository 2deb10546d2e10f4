using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>Adds what a module makes of the normed input to the input; the module goes by the name it has in published checkpoints.</summary>
internal sealed class T5Sublayer<TModule> : nn.Module
    where TModule : nn.Module
{
    private readonly T5LayerNorm norm;
    private readonly double dropout;
    private readonly Action widened;

    /// <param name="name">Of the module.</param>
    /// <param name="inner">The module.</param>
    /// <param name="config">Of the model.</param>
    /// <param name="widened">Told the name if the module turns out to need float32.</param>
    public T5Sublayer(string name, TModule inner, T5Config config, Action<string> widened)
        : base(name)
    {
        this.widened = () => widened(name);
        dropout = config.DropoutRate;
        register_module(name, Inner = inner);
        register_module("layer_norm", norm = new T5LayerNorm(config));
    }

    public TModule Inner { get; }

    public T5LayerNorm Norm => norm;

    /// <summary>
    /// T5 was trained in bfloat16: its values may leave the range of float16, most often in the last projection of a feed-forward layer.
    /// Where that happens the module goes on in float32, and so do the sums behind it.
    /// </summary>
    public Tensor Add(Tensor x, Func<Tensor, Tensor> apply) // (batch, tokens, d_model)
    {
        using var scope = NewDisposeScope();
        var added = apply(norm.call(x));
        var sum = x + nn.functional.dropout(added, dropout, training);
        if ((added.dtype == ScalarType.Float16 || sum.dtype == ScalarType.Float16) && !sum.isfinite().all().ToBoolean())
        {
            Inner.to(ScalarType.Float32);
            widened();
            sum = x.to(ScalarType.Float32) + nn.functional.dropout(apply(norm.call(x)), dropout, training);
        }

        return sum.MoveToOuterDisposeScope();
    }

    /// <summary>Nothing more: the constructor gave the names, and fields would add second ones.</summary>
    protected override void RegisterComponents()
    {
    }
}
