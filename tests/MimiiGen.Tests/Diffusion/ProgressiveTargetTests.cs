using MimiiGen.Diffusion;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Diffusion;

public sealed class ProgressiveTargetTests
{
    [Theory]
    [InlineData(PredictionType.VPrediction, 4)]
    [InlineData(PredictionType.Sample, 4)]
    [InlineData(PredictionType.VPrediction, 2)]
    [InlineData(PredictionType.VPrediction, 1)]
    public void AStudentThatPredictsItDoesInOneStepWhatItsTeacherDoesInTwo(PredictionType prediction, int steps)
    {
        using var scope = NewDisposeScope();
        var config = new SamplerConfig
        {
            BetaSchedule = BetaSchedule.ScaledLinear,
            BetaStart = .00085,
            BetaEnd = .012,
            PredictionType = prediction,
            TimestepSpacing = TimestepSpacing.Trailing,
        };
        var model = new ExactModel(config.NoiseSchedule(), prediction);
        var (teacher, student) = (Sampler.Create(config, 2 * steps), Sampler.Create(config, steps));
        var target = new ProgressiveTarget(config.NoiseSchedule(), prediction, steps);
        Assert.Equal(student.Timesteps, target.Timesteps.Select(t => (double)t));
        var sample = FormulaInput.Unit("input.start", 2, 4, 3, 5).to(ScalarType.Float64);

        for (var i = 0; i < steps; i++)
        {
            using var history = new SamplerHistory();
            var halfway = teacher.Step(model.Predict(sample, teacher.Timesteps[2 * i]), 2 * i, sample, null, history);
            var end = teacher.Step(model.Predict(halfway, teacher.Timesteps[(2 * i) + 1]), (2 * i) + 1, halfway, null, history);
            using var own = new SamplerHistory();
            var predicted = target.Of(sample, [i, i], (x, t) => model.Predict(x, t[0]));

            GoldenFile.AssertClose(end, student.Step(predicted, i, sample, null, own), 1e-9, $"step {i} of {steps}");
            sample = end;
        }
    }

    [Fact]
    public void EachSampleHasItsOwnTimestep()
    {
        using var scope = NewDisposeScope();
        var config = new SamplerConfig { PredictionType = PredictionType.VPrediction };
        var model = new ExactModel(config.NoiseSchedule(), PredictionType.VPrediction);
        var target = new ProgressiveTarget(config.NoiseSchedule(), PredictionType.VPrediction, 4);
        var sample = FormulaInput.Unit("input.start", 2, 4, 3, 5).to(ScalarType.Float64);

        var both = target.Of(sample, [0, 3], Teacher);

        GoldenFile.AssertClose(target.Of(sample.narrow(0, 0, 1), [0], Teacher), both.narrow(0, 0, 1), 0, "the first");
        GoldenFile.AssertClose(target.Of(sample.narrow(0, 1, 1), [3], Teacher), both.narrow(0, 1, 1), 0, "the second");

        Tensor Teacher(Tensor x, int[] timesteps) => cat([.. timesteps.Select((t, row) => model.Predict(x.narrow(0, row, 1), t))]);
    }
}
