using MimiiGen.Diffusion;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Diffusion;

public sealed class EditingTests
{
    private static readonly SamplerConfig Config = new()
    {
        BetaSchedule = BetaSchedule.ScaledLinear,
        BetaStart = .00085,
        BetaEnd = .012,
        StepsOffset = 1,
        SetAlphaToOne = false,
    };

    [Fact]
    public void StartIndexFollowsTheStrengthTable()
    {
        var table = GoldenFile.Json("diffusion/samplers/extras.json").GetProperty("img2img_inpaint").GetProperty("strength_table");
        foreach (var row in table.EnumerateArray())
        {
            var sampler = Sampler.Create(Config, row.GetProperty("steps").GetInt32());
            Assert.Equal(row.GetProperty("t_start").GetInt32(), sampler.StartIndex(row.GetProperty("strength").GetDouble()));
        }

        Assert.Throws<BadInputException>(() => Sampler.Create(Config, 10).StartIndex(1.1));
        Assert.Equal(8, Sampler.Create(Config with { ClassName = "HeunDiscreteScheduler" }, 10).StartIndex(0.6));
    }

    [Fact]
    public void StartingFromARecordingEqualsDiffusers()
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFile.Tensors("diffusion/samplers/img2img_inpaint.safetensors");
        var sampler = Sampler.Create(Config, 10);
        var first = sampler.StartIndex(0.6);
        var expected = golden["img2img_strength0.6.x"];
        var start = sampler.AddNoise(golden["clean"], golden["img2img_noise"], first);
        GoldenFile.AssertClose(expected[0], start, 3e-6, "start");
        Loop(sampler, (i, x) => Compared(expected, i + 1 - first, x, 7e-6)).Run(start, first, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void FillingInEqualsDiffusersAndKeepsTheRest()
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFile.Tensors("diffusion/samplers/img2img_inpaint.safetensors");
        var sampler = Sampler.Create(Config, 10);
        var keep = Inpainting.Keep(sampler, golden["clean"], golden["inpaint_noise"], golden["mask"]);
        var end = Loop(sampler, (i, x) => Compared(golden["inpaint_blend.x"], i + 1, keep(i, x), 4e-6)).Run(FormulaInput.Unit("input.start", 2, 4, 3, 5), cancellation: TestContext.Current.CancellationToken);
        var rest = 1 - golden["mask"];
        GoldenFile.AssertClose(golden["clean"] * rest, end * rest, 0, "known part");
    }

    [Fact]
    public void RepaintEqualsTheFloat64Reference()
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFile.Tensors("diffusion/samplers/img2img_inpaint.safetensors");
        var model = new ExactModel(Config.NoiseSchedule(), PredictionType.Epsilon);
        var draws = 0;
        new Repaint(Config, 10, 3).Run(
            FormulaInput.Unit("input.start", 2, 4, 3, 5).to(ScalarType.Float64),
            golden["clean"].to(ScalarType.Float64),
            golden["mask"].to(ScalarType.Float64),
            model.Predict,
            k =>
            {
                Assert.Equal(draws++, k);
                return FormulaInput.Unit($"noise.repaint.{k}", 2, 4, 3, 5).to(ScalarType.Float64);
            },
            (i, x) => Compared(golden["repaint_U3.x_f64"], i + 1, x, 1e-9));
        Assert.Equal(74, draws);
    }

    private static DenoisingLoop Loop(Sampler sampler, Func<int, Tensor, Tensor> afterStep) => new()
    {
        Sampler = sampler,
        Predict = new ExactModel(Config.NoiseSchedule(), PredictionType.Epsilon).Predict,
        AfterStep = afterStep,
    };

    private static Tensor Compared(Tensor expected, int index, Tensor actual, double tolerance)
    {
        GoldenFile.AssertClose(expected[index], actual, tolerance, $"sample {index}");
        return actual;
    }
}
