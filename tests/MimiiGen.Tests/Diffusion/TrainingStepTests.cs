using System.Text.Json;
using MimiiGen.Diffusion;
using MimiiGen.Optimization;
using MimiiGen.Tests.Golden;
using MimiiGen.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Diffusion;

/// <summary>Three optimiser steps of the U-Net against PyTorch: loss, weights of samples, gradients, clipping, AdamW.</summary>
public sealed class TrainingStepTests
{
    private static readonly JsonElement Golden = GoldenFile.Json("diffusion/training/adamw.json");

    [Theory]
    [InlineData("epsilon.plain")]
    [InlineData("epsilon.min_snr5")]
    [InlineData("v_prediction.min_snr5")]
    public void ThreeStepsEqualPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        var prediction = name.StartsWith("epsilon", StringComparison.Ordinal) ? PredictionType.Epsilon : PredictionType.VPrediction;
        var stored = GoldenFile.Tensors("diffusion/training/adamw.safetensors");
        using var unet = TinyUNet();
        using var optimizer = new AdamW(unet.named_parameters().Select(p => (p.name, p.parameter)));
        for (var step = 0; step < 3; step++)
        {
            using var stepScope = NewDisposeScope();
            var golden = Golden.GetProperty("cases").GetProperty(name).GetProperty("float32")[step];
            optimizer.ZeroGradients();
            var loss = Loss(unet, step, prediction, weighted: name.EndsWith("min_snr5", StringComparison.Ordinal));
            loss.backward();
            AssertRelative(golden, "loss", loss.ToDouble());
            if (step == 0) AssertGradients(unet, stored, $"{name}.step1.grad.");
            AssertRelative(golden, "grad_norm_before", optimizer.ClipGradients(1));
            optimizer.Step(1e-3);
            if (step != 1) AssertParameters(unet, stored, $"{name}.step{step + 1}.param.");
        }
    }

    [Theory]
    [InlineData("epsilon", PredictionType.Epsilon)]
    [InlineData("v_prediction", PredictionType.VPrediction)]
    public void EveryGradientHasTheNormOfTheReference(string name, PredictionType prediction)
    {
        using var scope = NewDisposeScope();
        using var unet = TinyUNet();
        Loss(unet, 0, prediction, weighted: false).backward();
        var golden = GoldenFile.Json("diffusion/training/grad_norms.json").GetProperty(name).GetProperty("gradients");
        foreach (var (parameter, value) in unet.named_parameters())
        {
            var expected = golden.GetProperty(parameter)[0].GetDouble();
            Assert.Equal(expected, value.grad!.norm().ToDouble(), 1e-5 * expected);
        }
    }

    private static UNet2DConditionModel TinyUNet()
    {
        var unet = new UNet2DConditionModel(UNetConfig.Parse(
            GoldenFile.Json("diffusion/unet/tiny_configs.json").GetProperty("tiny_l1_conv").GetProperty("config").GetRawText()));
        Formula.Fill(unet);
        unet.train();
        return unet;
    }

    private static Tensor Loss(UNet2DConditionModel unet, int step, PredictionType prediction, bool weighted)
    {
        var schedule = NoiseSchedule.Create(BetaSchedule.ScaledLinear, .00085, .012);
        int[] timesteps = [.. Golden.GetProperty("timesteps")[step].EnumerateArray().Select(t => t.GetInt32())];
        var clean = FormulaInput.Unit("train.latents", 4, 16, 8, 24);
        var noise = FormulaInput.Unit($"train.noise.{step}", 4, 16, 8, 24);
        var mask = stack([.. Golden.GetProperty("mask").EnumerateArray().Select(row => tensor([.. row.EnumerateArray().Select(m => m.GetInt64())]))]);
        var target = prediction == PredictionType.Epsilon ? noise : schedule.Velocity(clean, noise, timesteps);
        var output = unet.forward(
            schedule.AddNoise(clean, noise, timesteps), tensor([.. timesteps.Select(t => (float)t)]), FormulaInput.Unit("train.text", 4, 7, 24), mask);
        var perSample = (output - target).square().mean([1, 2, 3]); // (batch)
        var weights = tensor([.. timesteps.Select(t => weighted ? (float)schedule.MinSnrWeight(t, prediction) : 1)]);
        return (perSample * weights).mean();
    }

    private static void AssertRelative(JsonElement golden, string key, double actual)
    {
        var expected = golden.GetProperty(key).GetDouble();
        Assert.Equal(expected, actual, 1e-5 * expected);
    }

    private static void AssertGradients(UNet2DConditionModel unet, Dictionary<string, Tensor> stored, string prefix)
    {
        foreach (var (key, parameter) in unet.named_parameters())
            if (stored.TryGetValue(prefix + key, out var expected))
                Assert.True(((parameter.grad! - expected).norm() / expected.norm()).ToDouble() < 1e-5, key);
    }

    // AdamW turns a gradient near 0 into a step of the size of the learning rate: most by a tight bound, all by a wide one
    private static void AssertParameters(UNet2DConditionModel unet, Dictionary<string, Tensor> stored, string prefix)
    {
        var differences = unet.named_parameters().Where(p => stored.ContainsKey(prefix + p.name)).Select(p => (p.parameter - stored[prefix + p.name]).abs().flatten()).ToArray();
        if (differences.Length == 0) return;
        var all = cat(differences);
        Assert.True((all <= 2e-6).to(ScalarType.Float32).mean().ToDouble() >= 0.995);
        Assert.True(all.max().ToDouble() <= 3e-3);
    }
}
