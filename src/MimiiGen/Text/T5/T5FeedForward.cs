using MimiiGen.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Identity = MimiiGen.Kernels.Identity;

namespace MimiiGen.Text;

/// <summary>Two projections with a ReLU between them (T5 1.0), or with a GELU that gates a third (T5 1.1, Flan-T5, ByT5).</summary>
internal sealed class T5FeedForward : nn.Module<Tensor, Tensor>
{
    private readonly T5Linear? wi;
    private readonly T5Linear? wi_0;
    private readonly T5Linear? wi_1;
    private readonly T5Linear wo;
    private readonly double dropout;

    public T5FeedForward(T5Config config)
        : base(nameof(T5FeedForward))
    {
        var deviation = config.InitializerFactor * Math.Pow(config.DModel, -0.5);
        dropout = config.DropoutRate;
        if (config.FeedForwardProj == T5Config.GatedGelu)
        {
            wi_0 = new T5Linear(config.DModel, config.DFf, deviation);
            wi_1 = new T5Linear(config.DModel, config.DFf, deviation);
        }
        else
        {
            wi = new T5Linear(config.DModel, config.DFf, deviation);
        }

        wo = new T5Linear(config.DFf, config.DModel, config.InitializerFactor * Math.Pow(config.DFf, -0.5));
        RegisterComponents();
    }

    /// <summary>The same by <c>Kernels</c>, plus an addend; both (tokens, d_model).</summary>
    public Tensor Pass(Tensor x, Tensor add)
    {
        using var scope = NewDisposeScope();
        var hidden = wi is not null ? wi.Pass<Relu>(x) : wi_0!.Pass<GeluTanh>(x).mul_(wi_1!.Pass<Identity>(x)); // (tokens, d_ff)
        return wo.Pass<Identity>(hidden, add).MoveToOuterDisposeScope();
    }

    public override Tensor forward(Tensor x) // (batch, tokens, d_model)
    {
        using var scope = NewDisposeScope();
        var hidden = wi is not null
            ? wi.call(x).relu() // (batch, tokens, d_ff)
            : wi_0!.call(x).gelu(GELU.Approximate.tanh) * wi_1!.call(x);
        hidden = nn.functional.dropout(hidden, dropout, training);
        return wo.call(hidden).MoveToOuterDisposeScope();
    }
}
