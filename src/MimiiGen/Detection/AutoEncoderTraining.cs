using MimiiGen.Detection.DenseTraining;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Detection;

/// <summary>How the DCASE baseline trains its auto-encoder: Adam on the mean squared error, shuffled anew each epoch.</summary>
/// <param name="Epochs">Passes over the vectors, at least 1. With few clips fewer than 100 leave the network unlearned.</param>
/// <param name="BatchSize">Vectors a step, at least 2; the last batch of an epoch may be smaller.</param>
/// <param name="LearningRate">Adam's step size.</param>
/// <param name="Seed">Draws the starting weights and the order of the vectors.</param>
public sealed record AutoEncoderTraining(int Epochs = 100, int BatchSize = 256, double LearningRate = 1e-3, ulong Seed = 0)
{
    /// <summary>Trains in place and leaves the network in evaluation mode.</summary>
    /// <param name="network">The network to train.</param>
    /// <param name="vectors">(vectors, inputs): all of them at once; batches are index selections of it.</param>
    /// <param name="progress">Receives the epochs done and the loss.</param>
    /// <param name="cancel">Stops between epochs.</param>
    /// <returns>For each epoch the mean of its batches' losses.</returns>
    /// <exception cref="BadInputException">There are fewer than two vectors, or the loss is no longer a number.</exception>
    public IReadOnlyList<double> Train(nn.Module<Tensor, Tensor> network, Tensor vectors, IProgress<WorkProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(vectors);
        var count = vectors.shape[0];
        if (count < 2) throw new BadInputException($"an auto-encoder can't be trained on {count} feature vectors: give more or longer normal clips");
        using var generator = new Generator(Seed + 1);
        using IEpochTraining training = StackTraining.Serves(network, vectors) ? new StackTraining((IDenseStack)network, BatchSize) : new TorchTraining(network, BatchSize);
        var losses = new List<double>(Epochs);
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            cancel.ThrowIfCancellationRequested();
            using var order = randperm(count, generator: generator); // (vectors)
            losses.Add(training.Epoch(vectors, order, LearningRate));
            if (!double.IsFinite(losses[^1])) throw new BadInputException($"the auto-encoder's loss is {losses[^1]} in epoch {epoch + 1}: the features hold values that are no level in dB");
            progress?.Report(new WorkProgress("training auto-encoder", epoch + 1, Epochs, $"loss {losses[^1]:0.0}"));
        }

        training.Store();
        network.eval();
        return losses;
    }
}
