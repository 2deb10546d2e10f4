using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding.Clap;

/// <summary>A block of the Swin transformer: attention within windows, which every second block shifts by half a window, then a feed-forward layer.</summary>
internal sealed class SwinBlock : nn.Module<Tensor, Tensor>
{
    private const int Window = WindowAttention.Window;
    private const double NoNeighbours = -100;

    private readonly LayerNorm layernorm_before;
    private readonly SwinAttention attention;
    private readonly LayerNorm layernorm_after;
    private readonly Dense intermediate;
    private readonly Dense output;
    private readonly int side;
    private readonly int shift;
    private readonly Tensor? mask;

    /// <param name="width">Of a patch.</param>
    /// <param name="side">Patches along a side of the picture.</param>
    /// <param name="heads">Attention heads.</param>
    /// <param name="shifted">Whether windows are shifted; not where one window is the picture.</param>
    public SwinBlock(int width, int side, int heads, bool shifted)
        : base(nameof(SwinBlock))
    {
        this.side = side;
        shift = shifted && side > Window ? Window / 2 : 0;
        layernorm_before = nn.LayerNorm(width);
        attention = new SwinAttention(width, heads);
        layernorm_after = nn.LayerNorm(width);
        intermediate = new Dense(width, 4 * width);
        output = new Dense(4 * width, width);
        RegisterComponents();
        mask = shift > 0 ? Mask().DetachFromDisposeScope() : null; // after the registration: no part of the weights
    }

    public override Tensor forward(Tensor input) // (pictures, side * side, width)
    {
        using var scope = NewDisposeScope();
        var (pictures, width) = (input.shape[0], input.shape[2]);
        var x = layernorm_before.call(input).view(pictures, side, side, width);
        if (shift > 0) x = x.roll([-shift, -shift], [1, 2]);
        x = attention.call(Partition(x), mask); // (pictures * windows, 64, width)
        var across = side / Window;
        x = x.view(pictures, across, across, Window, Window, width).permute(0, 1, 3, 2, 4, 5).reshape(pictures, side, side, width);
        if (shift > 0) x = x.roll([shift, shift], [1, 2]);
        x = input + x.reshape(pictures, side * side, width);
        return (x + output.call(nn.functional.gelu(intermediate.call(layernorm_after.call(x))))).MoveToOuterDisposeScope(); // (pictures, side * side, width)
    }

    /// <summary>(pictures, side, side, width) -> (pictures * windows, 64, width).</summary>
    private Tensor Partition(Tensor x)
    {
        var across = side / Window;
        return x.view(x.shape[0], across, Window, across, Window, x.shape[3]).permute(0, 1, 3, 2, 4, 5).reshape(-1, Window * Window, x.shape[3]);
    }

    /// <summary>After a shift a window holds patches from opposite edges: those don't attend to one another. (windows, 64, 64).</summary>
    private Tensor Mask()
    {
        using var scope = NewDisposeScope();
        float Band(int i) => i < side - Window ? 0 : i < side - shift ? 1 : 2;
        float[] regions = [.. Enumerable.Range(0, side * side).Select(i => (3 * Band(i / side)) + Band(i % side))];
        var region = Partition(tensor(regions).view(1, side, side, 1)).squeeze(2); // (windows, 64)
        return (region.unsqueeze(1) != region.unsqueeze(2)).to(ScalarType.Float32).mul(NoNeighbours).MoveToOuterDisposeScope();
    }
}
