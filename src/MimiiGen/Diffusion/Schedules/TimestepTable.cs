namespace MimiiGen.Diffusion;

/// <summary>The timesteps a sampler visits, from the noisiest down, exactly as diffusers picks them.</summary>
internal static class TimestepTable
{
    /// <summary>For DDIM, DDPM, PNDM and the Euler family: as many points as steps.</summary>
    public static double[] Of(TimestepSpacing spacing, int trainingSteps, int steps, int offset, bool rounded = true) => spacing switch
    {
        TimestepSpacing.Leading => [.. Enumerable.Range(0, steps).Reverse().Select(i => (double)((i * (trainingSteps / steps)) + offset))],
        TimestepSpacing.Trailing => Trailing(trainingSteps, trainingSteps, steps),
        _ => [.. NoiseSchedule.Spaced(0, trainingSteps - 1, steps).Reverse().Select(t => rounded ? Math.Round(t) : t)],
    };

    /// <summary>For DPM-Solver++ and UniPC: one point more than steps, of which timestep 0 is left out.</summary>
    /// <param name="spacing">Spacing.</param>
    /// <param name="trainingSteps">Number of training steps.</param>
    /// <param name="steps">Number of sampling steps.</param>
    /// <param name="offset">Added to leading timesteps.</param>
    /// <param name="last">The noisiest timestep plus 1: less than <paramref name="trainingSteps"/> where the schedule's end is cut off.</param>
    public static double[] WithoutZero(TimestepSpacing spacing, int trainingSteps, int steps, int offset, int last) => spacing switch
    {
        TimestepSpacing.Leading => [.. Enumerable.Range(1, steps).Reverse().Select(i => (double)((i * (last / (steps + 1))) + offset))],
        TimestepSpacing.Trailing => Trailing(last, trainingSteps, steps),
        _ => [.. NoiseSchedule.Spaced(0, last - 1, steps + 1).Skip(1).Reverse().Select(t => Math.Round(t))],
    };

    private static double[] Trailing(int last, int trainingSteps, int steps) =>
        [.. Enumerable.Range(0, steps).Select(i => Math.Round(last - (i * (trainingSteps / (double)steps))) - 1)];
}
