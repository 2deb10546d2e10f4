using System.Text.Json;
using MimiiGen.Diffusion;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Diffusion;

/// <summary>The exact prediction for data that is normal with a mean and variance per channel: a model without a network (samplers' README).</summary>
internal sealed class ExactModel(NoiseSchedule? schedule, PredictionType prediction)
{
    public double[] Mean { get; init; } = [.5, -.25, .1, -.6];

    public double[] Variance { get; init; } = [.25, 1, .04, .5];

    public Tensor Predict(Tensor input, double timestep)
    {
        using var scope = NewDisposeScope();
        var x = input.to(ScalarType.Float64); // (batch, 4, 3, 5)
        var (mean, variance) = (Column(Mean), Column(Variance));
        Tensor output;
        if (schedule is null)
        {
            var noise = timestep / 1000;
            var signal = 1 - noise;
            var pull = (x - (signal * mean)) / ((signal * signal * variance) + (noise * noise));
            output = (noise * pull) - (mean + (signal * variance * pull));
        }
        else
        {
            var alpha = Interpolated(schedule.AlphasCumprod, timestep);
            var (a, s) = (Math.Sqrt(alpha), Math.Sqrt(1 - alpha));
            var pull = (x - (a * mean)) / ((alpha * variance) + 1 - alpha);
            var clean = mean + (a * variance * pull);
            var noise = s * pull;
            output = prediction switch
            {
                PredictionType.Epsilon => noise,
                PredictionType.VPrediction => (a * noise) - (s * clean),
                _ => clean,
            };
        }

        return output.to(input.dtype).MoveToOuterDisposeScope();

        static Tensor Column(double[] values) => tensor(values).view(1, -1, 1, 1);
    }

    private static double Interpolated(IReadOnlyList<double> table, double at)
    {
        var below = Math.Clamp((int)at, 0, table.Count - 2);
        return table[below] + ((at - below) * (table[below + 1] - table[below]));
    }
}
