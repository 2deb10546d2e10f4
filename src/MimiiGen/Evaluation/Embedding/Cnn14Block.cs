using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding;

/// <summary>Two convolutions of Cnn14, each with its norm and ReLU, then an average over 2 x 2 (or none).</summary>
internal sealed class Cnn14Block : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn1;
    private readonly BatchNorm2d bn2;
    private readonly int pool;

    public Cnn14Block(int channels, int outChannels, int pool = 2)
        : base(nameof(Cnn14Block))
    {
        this.pool = pool;
        conv1 = nn.Conv2d(channels, outChannels, 3, padding: 1, bias: false);
        conv2 = nn.Conv2d(outChannels, outChannels, 3, padding: 1, bias: false);
        bn1 = nn.BatchNorm2d(outChannels);
        bn2 = nn.BatchNorm2d(outChannels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) // (clips, channels, frames, bands)
    {
        using var scope = NewDisposeScope();
        var x = bn1.call(conv1.call(input)).relu();
        x = bn2.call(conv2.call(x)).relu(); // (clips, out channels, frames, bands)
        return (pool == 1 ? x : nn.functional.avg_pool2d(x, pool)).MoveToOuterDisposeScope(); // (clips, out channels, frames / 2, bands / 2)
    }
}
