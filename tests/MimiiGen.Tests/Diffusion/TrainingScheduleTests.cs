using System.Text.Json;
using MimiiGen.Optimization;
using MimiiGen.Tests.Golden;
using MimiiGen.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Diffusion;

public sealed class TrainingScheduleTests
{
    private static readonly JsonElement Golden = GoldenFile.Json("diffusion/training/schedules.json");

    public static TheoryData<string> Averages => [.. Golden.GetProperty("ema").EnumerateObject().Select(p => p.Name)];

    public static TheoryData<string> Rates => [.. Golden.GetProperty("lr").GetProperty("values").EnumerateObject().Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Averages))]
    public void MovingAverageEqualsDiffusers(string name)
    {
        using var scope = NewDisposeScope();
        var golden = Golden.GetProperty("ema").GetProperty(name);
        var decay = DecayOf(golden.GetProperty("arguments"));
        foreach (var step in golden.GetProperty("get_decay_by_optimization_step").EnumerateObject())
            Assert.Equal(step.Value.GetDouble(), decay.At(long.Parse(step.Name)), 1e-12);

        var shadows = GoldenFile.Tensors("diffusion/training/ema.safetensors")[$"{name}.shadow"]; // (5, 3, 4)
        var average = FormulaInput.Unit("ema.param.0", 3, 4);
        for (var k = 1; k <= 5; k++)
        {
            average.lerp_(FormulaInput.Unit($"ema.param.{k}", 3, 4), 1 - decay.At(k));
            GoldenFile.AssertClose(shadows[k - 1], average, 3e-7, $"update {k}");
        }
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void LearningRateEqualsDiffusers(string name)
    {
        var parts = name.Split('.');
        var shape = parts[0] switch
        {
            "cosine" => LearningRateShape.Cosine,
            "linear" => LearningRateShape.Linear,
            _ => LearningRateShape.Constant,
        };
        var schedule = new LearningRateSchedule(1e-3, shape, long.Parse(parts[1]["warmup".Length..]), long.Parse(parts[2]["total".Length..]));
        var step = 0;
        foreach (var rate in Golden.GetProperty("lr").GetProperty("values").GetProperty(name).EnumerateArray())
            Assert.Equal(rate.GetDouble(), schedule.At(step++), 1e-15);
    }

    private static MovingAverageDecay DecayOf(JsonElement arguments)
    {
        return new MovingAverageDecay(Number("decay", 0.9999))
        {
            MinDecay = Number("min_decay", 0),
            UpdateAfterStep = (int)Number("update_after_step", 0),
            UseWarmUp = arguments.TryGetProperty("use_ema_warmup", out var use) && use.GetBoolean(),
            InverseGamma = Number("inv_gamma", 1),
            Power = Number("power", 2.0 / 3),
        };

        double Number(string key, double otherwise) => arguments.TryGetProperty(key, out var value) ? value.GetDouble() : otherwise;
    }
}
