using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>Runs a sampler: model, step, model, step, with flat memory.</summary>
public sealed class DenoisingLoop
{
    /// <summary>The table and the step.</summary>
    public required Sampler Sampler { get; init; }

    /// <summary>The model's prediction for a scaled sample at a timestep.</summary>
    public required Func<Tensor, double, Tensor> Predict { get; init; }

    /// <summary>Standard normal noise of the sample's shape by the number of the draw (from 0), for samplers that draw any.</summary>
    public Func<int, Tensor>? Noise { get; init; }

    /// <summary>Changes the sample after the step of that index, as filling in does.</summary>
    public Func<int, Tensor, Tensor>? AfterStep { get; init; }

    /// <summary>Called after each step with the number done and the number in all.</summary>
    public Action<int, int>? Progress { get; init; }

    /// <summary>From the start to the clean sample.</summary>
    /// <param name="start">The first sample: noise times <see cref="Sampler.StartFactor"/>, or a noisy recording.</param>
    /// <param name="firstIndex">Where to begin in the table: 0 for noise, <see cref="Sampler.StartIndex"/> for a recording.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    /// <returns>The clean sample, of the start's shape.</returns>
    public Tensor Run(Tensor start, int firstIndex = 0, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        using var history = new SamplerHistory();
        var sample = start.alias();
        var draws = 0;
        for (var i = firstIndex; i < Sampler.Timesteps.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var output = Predict(Sampler.ScaleModelInput(sample, i), Sampler.Timesteps[i]);
            var noise = Sampler.NeedsNoise(i) ? Noise?.Invoke(draws++) : null;
            var next = Sampler.Step(output, i, sample, noise, history);
            if (AfterStep is not null) next = AfterStep(i, next);
            sample.Dispose();
            sample = next.MoveToOuterDisposeScope();
            Progress?.Invoke(i + 1 - firstIndex, Sampler.Timesteps.Count - firstIndex);
        }

        return sample;
    }
}
