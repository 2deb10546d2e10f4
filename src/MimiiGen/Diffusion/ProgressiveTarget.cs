using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>
/// What a student of half the steps has to predict so that one DDIM step of its own equals two of its teacher's (Salimans and Ho 2022, "Progressive
/// distillation for fast sampling of diffusion models", algorithm 2 and appendix G).
/// </summary>
/// <param name="schedule">Of both.</param>
/// <param name="prediction">Of both.</param>
/// <param name="steps">Of the student: it visits trailing timesteps.</param>
public sealed class ProgressiveTarget(NoiseSchedule schedule, PredictionType prediction, int steps)
{
    /// <summary>The timesteps that the student is called at, the noisiest first.</summary>
    public IReadOnlyList<int> Timesteps { get; } = [.. Enumerable.Range(0, steps).Select(i => At(schedule, 2 * i, steps))];

    /// <summary>The target for samples at some of the student's timesteps.</summary>
    /// <param name="sample">Noisy samples (batch, ...).</param>
    /// <param name="indices">Of each sample's timestep in <see cref="Timesteps"/> (batch).</param>
    /// <param name="teacher">The teacher's prediction for samples (batch, ...) at timesteps (batch).</param>
    /// <returns>The student's prediction (batch, ...).</returns>
    public Tensor Of(Tensor sample, IReadOnlyList<int> indices, Func<Tensor, int[], Tensor> teacher)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(teacher);
        using var scope = NewDisposeScope();
        int[] from = [.. indices.Select(i => Timesteps[i])];
        int[] middle = [.. indices.Select(i => At(schedule, (2 * i) + 1, steps))];
        int[] to = [.. indices.Select(i => i + 1 < steps ? Timesteps[i + 1] : -1)];
        var halfway = Moved(sample, teacher(sample, from), from, middle); // (batch, ...)
        var end = Moved(halfway, teacher(halfway, middle), middle, to); // (batch, ...)
        return Rows(sample, (row, z) =>
        {
            var ((a, s), (aEnd, sEnd)) = (Factors(from[row]), Factors(to[row]));
            var clean = (end.narrow(0, row, 1) - (sEnd / s * z)) / (aEnd - (sEnd / s * a));
            var noise = (z - (a * clean)) / s;
            return prediction switch
            {
                PredictionType.VPrediction => (a * noise) - (s * clean),
                PredictionType.Sample => clean,
                _ => noise,
            };
        }).MoveToOuterDisposeScope();
    }

    /// <summary>One DDIM step of each row.</summary>
    private Tensor Moved(Tensor sample, Tensor output, int[] from, int[] to) => Rows(sample, (row, z) =>
    {
        var ((a, s), (aNext, sNext)) = (Factors(from[row]), Factors(to[row]));
        var predicted = output.narrow(0, row, 1);
        return (aNext * prediction.Denoised(predicted, z, a, s)) + (sNext * prediction.Noise(predicted, z, a, s));
    });

    private static Tensor Rows(Tensor sample, Func<int, Tensor, Tensor> each) => cat([.. Enumerable.Range(0, (int)sample.shape[0]).Select(row => each(row, sample.narrow(0, row, 1)))]);

    /// <summary>sqrt(abar) and sqrt(1 - abar); -1 is the clean end.</summary>
    private (double Signal, double Noise) Factors(int timestep) => timestep < 0 ? (1, 0) : (schedule.SignalAt(timestep), schedule.NoiseAt(timestep));

    /// <summary>The i-th of twice as many trailing timesteps.</summary>
    private static int At(NoiseSchedule schedule, int i, int steps) => (int)Math.Round(schedule.TrainingSteps - (i * (schedule.TrainingSteps / (2.0 * steps)))) - 1;
}
