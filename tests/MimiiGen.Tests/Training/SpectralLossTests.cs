using MimiiGen.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Training;

public sealed class SpectralLossTests : IDisposable
{
    private const int SampleRate = 24000;

    private readonly SpectralLoss loss = new(SampleRate, 8000, CPU);

    public void Dispose() => loss.Dispose();

    [Fact]
    public void IsZeroForEqualWaveforms() => Assert.Equal(0, Compare(Noise(1), Noise(1)));

    [Fact]
    public void IsTheGainInNepersWhereOnlyTheGainDiffers() => Assert.Equal(Math.Log(2), Compare(Noise(1), 2 * Noise(1)), 1e-3);

    [Fact]
    public void NoiseOfTheSameSpectrumIsNearerThanNoiseOfAnother()
    {
        var tilted = Noise(2)[.., 1..] - (0.9 * Noise(2)[.., ..^1]); // a high-pass
        var (alike, other) = (Compare(Noise(1), Noise(2)), Compare(Noise(1)[.., 1..], tilted));

        Assert.InRange(alike, 0.01, other / 2);
    }

    [Fact]
    public void WhatLiesAboveTheHighestFrequencyDoesNotCount()
    {
        var whistle = (arange(SampleRate, dtype: ScalarType.Float32) * (2 * Math.PI * 11000 / SampleRate)).sin().unsqueeze(0) * 0.01; // (1, samples)

        Assert.InRange(Compare(Noise(1), Noise(1) + whistle), 0, 1e-2);
    }

    [Fact]
    public void HasAGradient()
    {
        using var scope = NewDisposeScope();
        var copy = Noise(2).requires_grad_();
        loss.Compare(Noise(1), copy).backward();

        Assert.True(copy.grad!.norm().ToDouble() > 0);
    }

    private double Compare(Tensor original, Tensor copy) => loss.Compare(original, copy).ToDouble();

    private static Tensor Noise(ulong seed)
    {
        using var chance = new Generator(seed);
        return randn([1, SampleRate], generator: chance) * 0.1; // (1, samples)
    }
}
