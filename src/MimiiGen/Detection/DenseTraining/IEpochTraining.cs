using static TorchSharp.torch;

namespace MimiiGen.Detection.DenseTraining;

/// <summary>A training of a network that learns to give back its input.</summary>
internal interface IEpochTraining : IDisposable
{
    /// <summary>One pass over vectors in that order, by batches; a last batch of one vector is left out.</summary>
    /// <param name="vectors">(vectors, inputs).</param>
    /// <param name="order">(vectors): their numbers, 64 bit.</param>
    /// <param name="learningRate">Adam's step size.</param>
    /// <returns>The mean of the batches' losses, each the mean squared error before its step.</returns>
    double Epoch(Tensor vectors, Tensor order, double learningRate);

    /// <summary>Gives the network all that was learned.</summary>
    void Store();
}
