using MimiiGen.Optimization;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>What a generator's U-Net is trained to do.</summary>
internal interface IGeneratorObjective : IDisposable
{
    /// <summary>Timesteps at which the held-out clips are judged.</summary>
    IReadOnlyList<int> ValidationTimesteps { get; }

    /// <summary>Whether some captions are dropped, for guidance.</summary>
    bool DropsCaptions { get; }

    /// <summary>What the next step depends on besides the networks, by name.</summary>
    IEnumerable<KeyValuePair<string, Tensor>> State { get; }

    /// <summary>Steps of the sampler and guidance that the result is made for; null where the model's defaults stay.</summary>
    (int Steps, double Guidance)? Sampling { get; }

    /// <summary>Called before each step; true where a new stage begins, whose losses don't compare with those before.</summary>
    bool Reach(long step, MovingAverageWeights average);

    int DrawTimestep(StepChance chance);

    /// <summary>The mean loss over a batch, float32.</summary>
    Tensor Loss(TrainingBatch batch);
}
