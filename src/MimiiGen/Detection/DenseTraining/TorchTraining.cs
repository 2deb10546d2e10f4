using MimiiGen.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Detection.DenseTraining;

/// <summary>The training by torch, for any network on any device; it learns in the network itself.</summary>
internal sealed class TorchTraining : IEpochTraining
{
    private readonly nn.Module<Tensor, Tensor> network;
    private readonly int batchSize;
    private readonly AdamW optimizer;

    public TorchTraining(nn.Module<Tensor, Tensor> network, int batchSize)
    {
        (this.network, this.batchSize) = (network, batchSize);
        optimizer = new AdamW(network.named_parameters(), weightDecay: 0);
        network.train();
    }

    public double Epoch(Tensor vectors, Tensor order, double learningRate)
    {
        using var scope = NewDisposeScope();
        var places = order.to(vectors.device); // (vectors)
        var sum = zeros(1, device: vectors.device, dtype: vectors.dtype);
        var batches = 0;
        for (long first = 0; first < order.shape[0]; first += batchSize)
        {
            var length = Math.Min(batchSize, order.shape[0] - first);
            if (length < 2) break; // batch normalisation has no variance of one vector
            using var batch = vectors.index_select(0, places.narrow(0, first, length)); // (batch, inputs)
            sum.add_(Step(network, optimizer, learningRate, batch));
            batches++;
        }

        return sum.ToDouble() / batches;
    }

    public void Store()
    {
    }

    public void Dispose() => optimizer.Dispose();

    /// <summary>One step of the optimiser; the loss before it.</summary>
    internal static Tensor Step(nn.Module<Tensor, Tensor> network, AdamW optimizer, double learningRate, Tensor batch)
    {
        using var scope = NewDisposeScope();
        optimizer.ZeroGradients();
        var loss = nn.functional.mse_loss(network.call(batch), batch); // ()
        loss.backward();
        optimizer.Step(learningRate);
        return loss.detach().MoveToOuterDisposeScope();
    }
}
