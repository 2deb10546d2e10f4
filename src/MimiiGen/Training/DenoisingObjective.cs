using MimiiGen.Diffusion;
using MimiiGen.Optimization;
using MimiiGen.Text;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>The denoising loss (Ho et al. 2020; as v-prediction: Salimans and Ho 2022) at timesteps drawn evenly.</summary>
/// <param name="unet">Is trained.</param>
/// <param name="text">Its captions' encoder.</param>
/// <param name="sampler">Schedule and prediction.</param>
/// <param name="rowWeights">(1, channels, height, 1).</param>
/// <param name="minSnrGamma">Signal-to-noise ratio at which the weights of timesteps are cut (min-SNR, Hang et al. 2023); null: all weigh the same.</param>
internal sealed class DenoisingObjective(ComputedUNet unet, TextEncoder text, SamplerConfig sampler, Tensor rowWeights, double? minSnrGamma = null) : IGeneratorObjective
{
    private readonly NoiseSchedule schedule = sampler.NoiseSchedule();

    public IReadOnlyList<int> ValidationTimesteps { get; } = [.. Enumerable.Range(0, 10).Select(i => ((2 * i) + 1) * sampler.NumTrainTimesteps / 20)];

    public bool DropsCaptions => true;

    public IEnumerable<KeyValuePair<string, Tensor>> State => [];

    public (int Steps, double Guidance)? Sampling => null;

    public bool Reach(long step, MovingAverageWeights average) => false;

    public int DrawTimestep(StepChance chance) => chance.Below(schedule.TrainingSteps);

    public Tensor Loss(TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        var (clean, noise, timesteps, captions, levels) = batch;
        using var caption = text.Encode(captions);
        var noisy = schedule.AddNoise(clean, noise, timesteps); // (batch, channels, height, frames)
        var target = sampler.PredictionType switch
        {
            PredictionType.VPrediction => schedule.Velocity(clean, noise, timesteps),
            PredictionType.Sample => clean,
            _ => noise,
        };
        var predicted = unet.Predict(noisy, tensor(timesteps.Select(t => (float)t).ToArray(), device: noisy.device), caption.Embeddings, caption.Mask, levels);
        var losses = (predicted - target).square() * rowWeights; // (batch, channels, height, frames)
        if (minSnrGamma is { } gamma)
            losses *= tensor([.. timesteps.Select(t => (float)schedule.MinSnrWeight(t, sampler.PredictionType, gamma))], [timesteps.Length, 1, 1, 1], device: noisy.device);
        return losses.mean().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
    }
}
