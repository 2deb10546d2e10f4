using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding.Clap;

/// <summary>A linear layer that the checkpoints keep one level down, under <c>dense</c>.</summary>
internal sealed class Dense : nn.Module<Tensor, Tensor>
{
    private readonly Linear dense;

    public Dense(int width, int outWidth)
        : base(nameof(Dense))
    {
        dense = nn.Linear(width, outWidth);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => dense.call(input); // (..., width) -> (..., out width)
}
