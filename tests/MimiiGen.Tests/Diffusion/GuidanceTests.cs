using System.Globalization;
using MimiiGen.Diffusion;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Diffusion;

public sealed class GuidanceTests
{
    private static readonly SamplerConfig Config = new()
    {
        BetaSchedule = BetaSchedule.ScaledLinear,
        BetaStart = .00085,
        BetaEnd = .012,
        StepsOffset = 1,
        SetAlphaToOne = false,
    };

    [Theory]
    [InlineData(1.0)]
    [InlineData(3.0)]
    [InlineData(7.5)]
    public void CombinationAndRescaleEqualDiffusers(double scale)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFile.Tensors("diffusion/samplers/guidance.safetensors");
        var name = $"cfg.w{scale.ToString("0.0", CultureInfo.InvariantCulture)}";
        var (uncond, cond) = (golden["uncond"], golden["cond"]);
        GoldenFile.AssertClose(golden[name], new Guidance(scale).Combine(uncond, cond), 2e-6, name);
        foreach (var rescale in new[] { "0.0", "0.7", "1.0" })
        {
            var guided = new Guidance(scale, double.Parse(rescale, CultureInfo.InvariantCulture)).Combine(uncond, cond);
            GoldenFile.AssertClose(golden[$"{name}.rescale{rescale}"], guided, 5e-6, $"{name} {rescale}");
        }
    }

    [Theory]
    [InlineData("guided_w1", 1, 0, 0, 999)]
    [InlineData("guided_w3", 3, 0, 0, 999)]
    [InlineData("guided_w7.5_rescale0.7", 7.5, 0.7, 0, 999)]
    [InlineData("guided_w5_interval_200_700", 5, 0, 200, 700)]
    public void GuidedRunsEqualDiffusers(string name, double scale, double rescale, double first, double last)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFile.Tensors("diffusion/samplers/guidance.safetensors");
        var extras = GoldenFile.Json("diffusion/samplers/extras.json").GetProperty("guidance").GetProperty(name);
        var sampler = Sampler.Create(Config, 10);
        var guidance = new Guidance(scale, rescale, first, last);
        var unconditional = new ExactModel(Config.NoiseSchedule(), PredictionType.Epsilon);
        var conditional = new ExactModel(Config.NoiseSchedule(), PredictionType.Epsilon) { Mean = [-.5, .75, .3, .2], Variance = [.1, .2, .3, .05] };
        var tolerance = 10 * extras.GetProperty("final_max_abs_vs_float64").GetDouble();

        using var history = new SamplerHistory();
        var x = FormulaInput.Unit("input.start", 2, 4, 3, 5);
        for (var i = 0; i < 10; i++)
        {
            var t = sampler.Timesteps[i];
            var output = conditional.Predict(x, t);
            Assert.Equal(extras.GetProperty("weight_per_step")[i].GetDouble() > 1, guidance.ActsAt(t));
            if (guidance.ActsAt(t)) output = guidance.Combine(unconditional.Predict(x, t), output);
            x = sampler.Step(output, i, x, null, history);
            GoldenFile.AssertClose(golden[$"{name}.x"][i + 1], x, tolerance, $"after call {i}");
        }
    }
}
