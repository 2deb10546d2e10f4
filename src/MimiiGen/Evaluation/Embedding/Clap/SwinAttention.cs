using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding.Clap;

/// <summary>Window attention and its output layer.</summary>
internal sealed class SwinAttention : nn.Module<Tensor, Tensor?, Tensor>
{
    private readonly WindowAttention self;
    private readonly Dense output;

    public SwinAttention(int width, int heads)
        : base(nameof(SwinAttention))
    {
        self = new WindowAttention(width, heads);
        output = new Dense(width, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor? mask) // (windows, 64, width), (windows of a picture, 64, 64)
    {
        using var scope = NewDisposeScope();
        return output.call(self.call(x, mask)).MoveToOuterDisposeScope();
    }
}
