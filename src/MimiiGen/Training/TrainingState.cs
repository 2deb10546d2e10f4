using MimiiGen.Checkpoints;
using MimiiGen.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>
/// All that a next step depends on, in one file that is replaced whole: weights, their moving average, the optimiser's moments, the step.
/// Chance needs no entry, since every step draws from its own number.
/// </summary>
/// <param name="module">Its weights.</param>
/// <param name="optimizer">Its moments.</param>
/// <param name="average">The weights' moving average.</param>
/// <param name="others">Whatever else the next step depends on, by name.</param>
internal sealed class TrainingState(nn.Module module, AdamW optimizer, MovingAverageWeights average, IEnumerable<KeyValuePair<string, Tensor>>? others = null)
{
    private const string Model = "model.";
    private const string Average = "average.";
    private const string Optimizer = "optimizer.";

    /// <summary>Writes the state after <paramref name="step"/> steps; the file that was there stays until the new one is complete.</summary>
    public void Save(string path, long step, string settings)
    {
        var tensors = Tensors().ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
        SafeTensors.Write(path, tensors, new Dictionary<string, string>
        {
            ["step"] = step.ToString(),
            ["average_updates"] = average.Updates.ToString(),
            ["settings"] = settings,
        });
    }

    /// <summary>Takes up a state; gives the number of steps done.</summary>
    /// <exception cref="BadInputException">The file belongs to another model or other settings.</exception>
    public long Load(string path, string settings)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var metadata = SafeTensors.ReadMetadata(path);
        if (metadata.GetValueOrDefault("settings") != settings) throw OtherSettings(path, metadata.GetValueOrDefault("settings"));
        var stored = SafeTensors.Read(path);
        foreach (var (name, target) in Tensors())
        {
            if (!stored.TryGetValue(name, out var value) || !value.shape.SequenceEqual(target.shape))
                throw new BadInputException($"{path}: '{name}' is missing or has another shape: this state belongs to another model");
            target.copy_(value);
        }

        average.Updates = long.Parse(metadata["average_updates"]);
        return long.Parse(metadata["step"]);
    }

    /// <summary>Says that a file of a run's folder was made with other settings than are asked for now.</summary>
    public static BadInputException OtherSettings(string path, string? begun) =>
        new($"{path}: this training was begun with other settings ({begun}); resume with those, or train into another folder");

    private IEnumerable<KeyValuePair<string, Tensor>> Tensors()
    {
        foreach (var (name, tensor) in module.state_dict()) yield return new(Model + name, tensor);
        foreach (var (name, tensor) in average.Shadow) yield return new(Average + name, tensor);
        foreach (var (name, tensor) in optimizer.State()) yield return new(Optimizer + name, tensor);
        foreach (var other in others ?? []) yield return other;
    }
}
