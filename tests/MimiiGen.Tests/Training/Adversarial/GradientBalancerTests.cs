using MimiiGen.Training.Adversarial;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Training.Adversarial;

public sealed class GradientBalancerTests
{
    [Fact]
    public void SharesFollowTheWeightsWhateverTheScaleOfTheLosses()
    {
        using var scope = NewDisposeScope();
        using var balancer = new GradientBalancer([1, 3]);
        var output = zeros(1, 2).requires_grad_();

        var gradient = balancer.Balance(output, [output[0, 0] * 1000, output[0, 1] * 0.001]);

        Assert.Equal(0.25, gradient[0, 0].ToDouble(), 1e-6);
        Assert.Equal(0.75, gradient[0, 1].ToDouble(), 1e-6);
    }

    [Fact]
    public void NormsAreAveragedOverStepsAndMeanOverTheBatch()
    {
        using var scope = NewDisposeScope();
        using var balancer = new GradientBalancer([1]);
        var output = zeros(2, 1).requires_grad_();
        balancer.Balance(output, [output[0, 0] * 2 + (output[1, 0] * 4)]); // norms 2 and 4: mean 3

        var gradient = balancer.Balance(output, [output.sum() * 5]); // mean 5

        var average = ((0.999 * 3) + 5) / 1.999;
        Assert.Equal(5 / average, gradient[0, 0].ToDouble(), 1e-6);
    }
}
