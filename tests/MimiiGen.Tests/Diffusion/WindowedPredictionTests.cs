using MimiiGen.Diffusion;
using MimiiGen.Tests.Golden;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Diffusion;

public sealed class WindowedPredictionTests
{
    [Theory]
    [InlineData(10, new[] { 0 })]
    [InlineData(24, new[] { 0 })]
    [InlineData(25, new[] { 0, 1 })]
    [InlineData(42, new[] { 0, 18 })]
    [InlineData(43, new[] { 0, 10, 19 })]
    [InlineData(60, new[] { 0, 18, 36 })]
    public void WindowsReachFromTheFirstColumnToTheLast(int total, int[] starts) =>
        Assert.Equal(starts, new WindowedPrediction((x, _) => x.alias(), 24, 6).Starts(total));

    [Fact]
    public void WhatNeedsNoContextIsPredictedAsInOnePiece()
    {
        using var scope = NewDisposeScope();
        var sample = FormulaInput.Unit("windows", 2, 3, 4, 61);
        var calls = 0;
        var predicted = new WindowedPrediction(Predict, 24, 6).Predict(sample, 500);

        GoldenFile.AssertClose((sample * 3) + 500, predicted, 1e-4, "prediction");
        Assert.Equal(4, calls);

        Tensor Predict(Tensor window, double timestep)
        {
            Assert.Equal([2, 3, 4, 24], window.shape);
            calls++;
            return (window * 3) + timestep;
        }
    }

    [Fact]
    public void BetweenTwoWindowsThePredictionGoesOverEvenly()
    {
        using var scope = NewDisposeScope();
        var number = 0;
        var predicted = new WindowedPrediction((x, _) => full_like(x, number++), 24, 8).Predict(zeros(1, 1, 1, 40), 1)[0, 0, 0].data<float>().ToArray();

        Assert.All(predicted[..16], v => Assert.Equal(0, v));
        Assert.All(predicted[24..], v => Assert.Equal(1, v));
        for (var i = 16; i <= 24; i++) Assert.Equal(i == 16 ? 1 / 16f : i == 24 ? 1 / 16f : 1 / 8f, predicted[i] - predicted[i - 1], 1e-6);
    }
}
