using MimiiGen.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Text;

public sealed class T5InitialisationTests
{
    [Fact]
    public void ANewEncoderIsSeededAndHasThePublishedSpread()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(7);
        using var one = new T5Encoder(T5Config.SmallByteLevel);
        random.manual_seed(7);
        using var two = new T5Encoder(T5Config.SmallByteLevel);
        var weights = one.state_dict();

        foreach (var (name, value) in two.state_dict()) Assert.True(value.equal(weights[name]).all().ToBoolean(), name);
        double Deviation(string name) => weights[name].std().ToDouble();
        Assert.Equal(1, Deviation("shared.weight"), 0.02);
        Assert.Equal(Math.Pow(128 * 32, -0.5), Deviation("encoder.block.1.layer.0.SelfAttention.q.weight"), 0.001);
        Assert.Equal(Math.Pow(128, -0.5), Deviation("encoder.block.1.layer.0.SelfAttention.o.weight"), 0.003);
        Assert.Equal(Math.Pow(256, -0.5), Deviation("encoder.block.1.layer.1.DenseReluDense.wo.weight"), 0.003);
    }
}
