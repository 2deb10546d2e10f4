using MimiiGen.Diffusion;
using MimiiGen.Optimization;
using MimiiGen.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>
/// Progressive distillation (Salimans and Ho 2022): stage by stage the student learns to do in one DDIM step what its teacher does in two, and is the teacher of
/// the next stage, of half the steps. The first teacher is the guided generator (Meng et al. 2023, "On distillation of guided diffusion models"), so that
/// the student needs no second call for guidance.
/// </summary>
internal sealed class DistillationObjective : IGeneratorObjective
{
    private const int FirstSteps = 8;
    private const string TeacherState = "teacher.";

    private readonly ComputedUNet student;
    private readonly UNet2DConditionModel teacher;
    private readonly TextEncoder text;
    private readonly Guidance guidance;
    private readonly Tensor rowWeights;
    private readonly NoiseSchedule schedule;
    private readonly ProgressiveTarget[] stages;
    private readonly PredictionType prediction;
    private readonly long stageLength;
    private int stage;

    /// <param name="student">Has the teacher's weights at first.</param>
    /// <param name="text">Not trained.</param>
    /// <param name="sampler">Schedule and prediction of both.</param>
    /// <param name="guidance">That is folded in.</param>
    /// <param name="rowWeights">(1, channels, height, 1).</param>
    /// <param name="steps">That the last student is to need: 1, 2, 4 or 8.</param>
    /// <param name="trainingSteps">Of all stages together.</param>
    /// <exception cref="BadInputException">It can't be distilled like that.</exception>
    public DistillationObjective(ComputedUNet student, TextEncoder text, SamplerConfig sampler, double guidance, Tensor rowWeights, int steps, int trainingSteps)
    {
        if (steps is not (1 or 2 or 4 or 8)) throw new BadInputException($"distillation to {steps} steps: give 1, 2, 4 or 8");
        if (sampler.PredictionType == PredictionType.Epsilon) throw new BadInputException("distillation of a generator that predicts epsilon: in few steps epsilon says nothing about the clip; allowed are v_prediction and sample");
        (this.student, this.text, this.rowWeights, this.guidance, prediction) = (student, text, rowWeights, new Guidance(guidance), sampler.PredictionType);
        schedule = sampler.NoiseSchedule();
        stages = [.. Enumerable.Range(0, 1 + (int)Math.Log2(FirstSteps / steps)).Select(i => new ProgressiveTarget(schedule, prediction, FirstSteps >> i))];
        stageLength = Math.Max(1, trainingSteps / stages.Length);
        teacher = new UNet2DConditionModel(student.Trained.Config);
        teacher.to(student.Trained.parameters().First().device);
        Copy(student.Trained.state_dict());
        foreach (var parameter in teacher.parameters()) parameter.requires_grad_(false);
        teacher.eval();
    }

    public IReadOnlyList<int> ValidationTimesteps => stages[stage].Timesteps;

    public bool DropsCaptions => false;

    public IEnumerable<KeyValuePair<string, Tensor>> State => teacher.state_dict().Select(p => new KeyValuePair<string, Tensor>(TeacherState + p.Key, p.Value));

    public (int Steps, double Guidance)? Sampling => (stages[stage].Timesteps.Count, 1);

    public bool Reach(long step, MovingAverageWeights average)
    {
        stage = (int)Math.Min(step / stageLength, stages.Length - 1);
        if (step == 0 || step != stage * stageLength) return false;
        using var noGrad = no_grad();
        var reached = average.Shadow.Where(p => p.Key.StartsWith("unet.", StringComparison.Ordinal)).ToDictionary(p => p.Key["unet.".Length..], p => p.Value, StringComparer.Ordinal);
        Copy(reached);
        foreach (var (name, weight) in student.Trained.state_dict()) weight.copy_(reached[name]);
        return true;
    }

    public int DrawTimestep(StepChance chance) => ValidationTimesteps[chance.Below(ValidationTimesteps.Count)];

    public Tensor Loss(TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        var (clean, noise, timesteps, captions, levels) = batch;
        var target = stages[stage];
        using var both = text.Encode([.. captions.Select(_ => ""), .. captions]); // (2 batch, tokens, width), the empty ones first
        var (states, mask) = (both.Embeddings.narrow(0, captions.Length, captions.Length), both.Mask.narrow(0, captions.Length, captions.Length));
        var noisy = schedule.AddNoise(clean, noise, timesteps); // (batch, channels, height, frames)
        int[] indices = [.. timesteps.Select(t => target.Timesteps.Index().First(p => p.Item == t).Index)];
        var wanted = Wanted();
        var predicted = student.Predict(noisy, Times(timesteps), states, mask, levels);
        return ((predicted - wanted).square() * rowWeights).mean().MoveToOuterDisposeScope();

        Tensor Wanted()
        {
            using var noGrad = no_grad();
            return target.Of(noisy, indices, Taught);
        }

        Tensor Taught(Tensor sample, int[] at)
        {
            if (stage > 0 || guidance.Scale <= 1) return teacher.forward(sample, Times(at), states, mask, levels);
            var halves = teacher.forward(cat([sample, sample]), Times([.. at, .. at]), both.Embeddings, both.Mask, levels is null ? null : cat([levels, levels])).chunk(2);
            return guidance.Combine(halves[0], halves[1]);
        }

        Tensor Times(int[] at) => tensor(at.Select(t => (float)t).ToArray(), device: clean.device);
    }

    public void Dispose() => teacher.Dispose();

    private void Copy(Dictionary<string, Tensor> weights)
    {
        using var noGrad = no_grad();
        foreach (var (name, weight) in teacher.state_dict()) weight.copy_(weights[name]);
    }
}
