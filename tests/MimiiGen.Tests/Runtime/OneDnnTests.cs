using MimiiGen.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Runtime;

public class OneDnnTests
{
    /// <summary>Batches of channels that don't fill a vector register: where oneDNN knows no cache sizes it leaves their padding unwritten.</summary>
    [Theory]
    [InlineData(2, 17, 1)]
    [InlineData(2, 9, 5)]
    [InlineData(3, 33, 24)]
    [InlineData(1, 64, 17)]
    public void SinglePrecisionConvolvesAsDoubleDoes(int clips, int from, int to)
    {
        using var scope = NewDisposeScope();
        foreach (var (height, width) in new[] { (1, 46), (8, 96), (1, 325) })
        {
            using var chance = new Generator(1);
            var input = randn([clips, from, height, width], generator: chance);
            var kernels = randn([to, from, Math.Min(height, 3), 3], generator: chance);
            var exact = Gradients(input, kernels, ScalarType.Float64);
            var single = Gradients(input, kernels, ScalarType.Float32);
            foreach (var (expected, actual) in exact.Zip(single))
                Assert.InRange(((actual.to(ScalarType.Float64) - expected).abs().max() / expected.abs().max()).ToDouble(), 0, 1e-5);
        }
    }

    [Theory]
    [InlineData("AuthenticAMD", 0x8000001d, 0x121, false)]
    [InlineData("AuthenticAMD", 0x8000001d, 0, true)]
    [InlineData("GenuineIntel", 4, 0x4121, false)]
    [InlineData("GenuineIntel", 4, 0, true)]
    public void CachesAreLookedForWhereTheMakerTellsThem(string maker, uint leaf, int told, bool hidden)
    {
        byte[] name = System.Text.Encoding.ASCII.GetBytes(maker);
        int Word(int at) => BitConverter.ToInt32(name, at);
        var found = OneDnn.CachesAreHidden((function, _) => function switch
        {
            0 => (0x10, Word(0), Word(8), Word(4)),
            int.MinValue => (unchecked((int)0x80000021), 0, 0, 0),
            _ when function == unchecked((int)leaf) => (told, 0, 0, 0),
            _ => (0, 0, 0, 0),
        });
        Assert.Equal(hidden, found);
    }

    /// <summary>Output and gradients of a convolution: (clips, from, height, width) by (to, from, rows, columns).</summary>
    private static Tensor[] Gradients(Tensor input, Tensor kernels, ScalarType type)
    {
        var x = input.to(type).detach().requires_grad_();
        var w = kernels.to(type).detach().requires_grad_();
        var y = nn.functional.conv2d(x, w, padding: [kernels.shape[2] / 2, 1]); // (clips, to, height, width)
        y.square().mean().backward();
        return [y.detach(), x.grad!, w.grad!];
    }
}
