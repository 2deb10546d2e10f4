using MimiiGen.Training.Adversarial;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Training.Adversarial;

public sealed class DiscriminatorTests
{
    [Fact]
    public void EveryScaleJudgesFramesAndBinsAsThePapersLayersDo()
    {
        using var scope = NewDisposeScope();
        using var discriminator = new MultiScaleDiscriminator(filters: 32);

        var judgements = discriminator.Judge(randn(2, 4800));

        int[] lengths = [2048, 1024, 512, 256, 128];
        for (var k = 0; k < lengths.Length; k++)
        {
            var frames = ((4800 - lengths[k]) / (lengths[k] / 4)) + 1L;
            var bins = new List<long> { (lengths[k] / 2) + 1 };
            for (var i = 0; i < 3; i++) bins.Add((bins[^1] + 1) / 2);
            Assert.Equal([2, 1, frames, bins[^1]], judgements[k].Score.shape);
            Assert.Equal([bins[0], bins[1], bins[2], bins[3], bins[3]], judgements[k].Features.Select(f => f.shape[3]));
            Assert.All(judgements[k].Features, f => Assert.Equal([2, 32, frames], f.shape[..3]));
        }

        var weights = discriminator.named_parameters().Where(p => p.name.StartsWith("discriminators.0.", StringComparison.Ordinal)).Sum(p => p.parameter.numel());
        var kernels = (2 * 32 * 27) + (3 * 32 * 32 * 27) + (32 * 32 * 9) + (32 * 9);
        var gainsAndBiases = 2 * ((5 * 32) + 1);
        Assert.Equal(kernels + gainsAndBiases, weights);
    }

    [Fact]
    public void HingeAndFeatureLossesAreThePapers()
    {
        using var scope = NewDisposeScope();
        Judgement[] real = [Of([2f, -1f], [1f, 3f])];
        Judgement[] made = [Of([0.5f, -3f], [2f, 5f])];

        Assert.Equal(((0 + 2) / 2.0) + ((1.5 + 0) / 2), AdversarialLosses.Discriminator(real, made).ToDouble(), 1e-6);
        Assert.Equal((0.5 + 4) / 2, AdversarialLosses.Generator(made).ToDouble(), 1e-6);
        Assert.Equal(1.5 / 2, AdversarialLosses.FeatureMatching(real, made).ToDouble(), 1e-6);
    }

    [Fact]
    public void MelLossOfHalfTheLevelIsHalfTheMagnitudeAndItsLogarithm()
    {
        using var scope = NewDisposeScope();
        using var loss = new MultiScaleMelLoss(24000, 12000, CPU);
        using var spectrum = new MelSpectrum(24000, 2048, 64, 12000, MimiiGen.Audio.MelScale.Htk, CPU);
        using var chance = new Generator(1);
        var sound = randn([1, 4800], generator: chance);

        Assert.Equal(0, loss.Compare(sound, sound).ToDouble());
        var log = Math.Log10(2) * Math.Log10(2);
        Assert.InRange(loss.Compare(sound, sound / 2).ToDouble() - log, 0.2 * spectrum.Power(sound).sqrt().mean().ToDouble(), 0.8 * spectrum.Power(sound).sqrt().mean().ToDouble());
    }

    private static Judgement Of(float[] score, float[] feature) => new(tensor(score), [tensor(feature)]);
}
