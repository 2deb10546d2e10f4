using MimiiGen.Diffusion;
using MimiiGen.Optimization;
using MimiiGen.Text;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>The denoising loss (Ho et al. 2020; as v-prediction: Salimans and Ho 2022) at timesteps drawn evenly.</summary>
internal sealed class DenoisingObjective(UNet2DConditionModel unet, TextEncoder text, SamplerConfig sampler, Tensor rowWeights) : IGeneratorObjective
{
    private readonly NoiseSchedule schedule = sampler.NoiseSchedule();

    public IReadOnlyList<int> ValidationTimesteps { get; } = [.. Enumerable.Range(0, 10).Select(i => ((2 * i) + 1) * sampler.NumTrainTimesteps / 20)];

    public bool DropsCaptions => true;

    public IEnumerable<KeyValuePair<string, Tensor>> State => [];

    public (int Steps, double Guidance)? Sampling => null;

    public bool Reach(long step, MovingAverageWeights average) => false;

    public int DrawTimestep(StepChance chance) => chance.Below(schedule.TrainingSteps);

    public Tensor Loss(Tensor clean, Tensor noise, int[] timesteps, IReadOnlyList<string> captions, Tensor? levels)
    {
        using var scope = NewDisposeScope();
        using var caption = text.Encode(captions);
        var noisy = schedule.AddNoise(clean, noise, timesteps); // (batch, channels, height, frames)
        var target = sampler.PredictionType switch
        {
            PredictionType.VPrediction => schedule.Velocity(clean, noise, timesteps),
            PredictionType.Sample => clean,
            _ => noise,
        };
        var predicted = unet.forward(noisy, tensor(timesteps.Select(t => (float)t).ToArray(), device: noisy.device), caption.Embeddings, caption.Mask, levels);
        return ((predicted - target).square() * rowWeights).mean().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
    }
}
