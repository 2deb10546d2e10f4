using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding.Clap;

/// <summary>From a tower's width into the common space.</summary>
internal sealed class ClapProjection : nn.Module<Tensor, Tensor>
{
    private readonly Linear linear1;
    private readonly Linear linear2;

    public ClapProjection(int width)
        : base(nameof(ClapProjection))
    {
        linear1 = nn.Linear(width, ClapConfig.EmbeddingSize);
        linear2 = nn.Linear(ClapConfig.EmbeddingSize, ClapConfig.EmbeddingSize);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) // (items, width)
    {
        using var scope = NewDisposeScope();
        return linear2.call(linear1.call(input).relu()).MoveToOuterDisposeScope(); // (items, 512)
    }
}
