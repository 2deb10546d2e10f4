using MimiiGen.Optimization;
using MimiiGen.Tests.Diffusion;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Optimization;

public sealed class MovingAverageWeightsTests
{
    [Fact]
    public void FollowsDiffusers()
    {
        using var scope = NewDisposeScope();
        using var module = Module();
        using var average = new MovingAverageWeights(module, 0.9999);
        var shadows = GoldenFile.Tensors("diffusion/training/ema.safetensors")["default.shadow"]; // (updates, 3, 4)
        for (var update = 1; update <= 5; update++)
        {
            Fill(module, update);
            average.Update();
            GoldenFile.AssertClose(shadows[update - 1], average.Shadow["weight"], 3e-7, $"update {update}");
        }
    }

    [Fact]
    public void SwappedTwiceAllIsAsBefore()
    {
        using var scope = NewDisposeScope();
        using var module = Module();
        using var average = new MovingAverageWeights(module, 0.9);
        Fill(module, 1);
        average.Update();
        Fill(module, 2);
        average.Update();
        var (own, mean) = (module.weight.detach().clone(), average.Shadow["weight"].clone());

        average.Swap();
        AssertEqual(mean, module.weight);
        AssertEqual(own, average.Shadow["weight"]);
        average.Swap();
        AssertEqual(own, module.weight);
        AssertEqual(mean, average.Shadow["weight"]);
    }

    private static void AssertEqual(Tensor expected, Tensor actual) => Assert.Equal(expected.data<float>().ToArray(), actual.detach().data<float>().ToArray());

    private static TorchSharp.Modules.Linear Module()
    {
        var module = nn.Linear(4, 3, hasBias: false);
        Fill(module, 0);
        return module;
    }

    private static void Fill(TorchSharp.Modules.Linear module, int update)
    {
        using var noGrad = no_grad();
        module.weight.copy_(FormulaInput.Unit($"ema.param.{update}", 3, 4));
    }
}
