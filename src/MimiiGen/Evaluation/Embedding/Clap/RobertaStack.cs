using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding.Clap;

/// <summary>The layers of RoBERTa.</summary>
internal sealed class RobertaStack : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly ModuleList<RobertaLayer> layer;

    public RobertaStack()
        : base(nameof(RobertaStack))
    {
        layer = new ModuleList<RobertaLayer>([.. Enumerable.Range(0, RobertaEncoder.Layers).Select(_ => new RobertaLayer())]);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor bias) // (texts, tokens, 768), (texts, 1, 1, tokens)
    {
        using var scope = NewDisposeScope();
        var states = x;
        foreach (var each in layer) states = each.call(states, bias);
        return states.MoveToOuterDisposeScope(); // (texts, tokens, 768)
    }
}
