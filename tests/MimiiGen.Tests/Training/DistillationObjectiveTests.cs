using MimiiGen.Diffusion;
using MimiiGen.Optimization;
using MimiiGen.Tests.Diffusion;
using MimiiGen.Text;
using MimiiGen.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Training;

[Collection(nameof(TrainingCollection))]
public sealed class DistillationObjectiveTests : IDisposable
{
    private readonly UNet2DConditionModel student;
    private readonly T5Encoder encoder;
    private readonly TextEncoder text;
    private readonly Tensor even = ones(1, 4, 8, 1);

    public DistillationObjectiveTests()
    {
        manual_seed(3).Dispose();
        student = new UNet2DConditionModel(TinyNetworks.Generator.UNet);
        encoder = new T5Encoder(TinyNetworks.Generator.Text);
        encoder.eval();
        text = new TextEncoder(new ByteTokenizer(), encoder);
    }

    public void Dispose()
    {
        text.Dispose();
        encoder.Dispose();
        student.Dispose();
        even.Dispose();
    }

    [Fact]
    public void AStudentLearnsWhatItsGuidedTeacherDoes()
    {
        using var objective = Objective(8, TinyNetworks.Generator.Sampler);
        using var optimizer = new AdamW(student.named_parameters(), weightDecay: 0);
        var losses = new List<double>();
        for (var i = 0; i < 40; i++)
        {
            using var scope = NewDisposeScope();
            var loss = Loss(objective);
            losses.Add(loss.ToDouble());
            optimizer.ZeroGradients();
            loss.backward();
            optimizer.Step(1e-3);
        }

        Assert.True(losses[^1] < 0.5 * losses[0], $"{losses[0]} {losses[^1]}");
    }

    [Fact]
    public void TheTeacherOfTheNextStageIsTheAveragedStudent()
    {
        using var objective = Objective(4, TinyNetworks.Generator.Sampler); // two stages of five steps
        using var networks = new GeneratorNetworks(student, null);
        using var average = new MovingAverageWeights(networks, 0.9);
        Assert.False(objective.Reach(4, average));
        Assert.Equal(8, objective.Sampling!.Value.Steps);
        using (no_grad())
            foreach (var weight in student.parameters()) weight.add_(0.01);
        average.Update(); // the first update makes a copy
        using (no_grad())
            foreach (var weight in student.parameters()) weight.add_(0.01);

        Assert.True(objective.Reach(5, average));

        Assert.Equal((4, 1), objective.Sampling!.Value);
        foreach (var (name, weight) in objective.State)
        {
            Assert.True(weight.eq(average.Shadow["unet." + name["teacher.".Length..]]).all().ToBoolean(), name);
            Assert.True(weight.eq(student.state_dict()[name["teacher.".Length..]]).all().ToBoolean(), name);
        }
    }

    [Fact]
    public void EpsilonIsRefused() => Assert.Contains(
        "allowed are v_prediction and sample",
        Assert.Throws<BadInputException>(() => Objective(4, TinyNetworks.Generator.Sampler with { PredictionType = PredictionType.Epsilon })).Message,
        StringComparison.Ordinal);

    private DistillationObjective Objective(int steps, SamplerConfig sampler) => new(new ComputedUNet(student), text, sampler, 6, even, steps, 10);

    private static Tensor Loss(DistillationObjective objective)
    {
        var timesteps = objective.ValidationTimesteps;
        return objective.Loss(new TrainingBatch(
            FormulaInput.Unit("clean", 2, 4, 8, 16), FormulaInput.Unit("noise", 2, 4, 8, 16), [timesteps[1], timesteps[6]], ["A fan", "A fan with anomaly"], FormulaInput.Unit("levels", 2, 32)));
    }
}
