using MimiiGen.Detection.DenseTraining;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Detection;

/// <summary>
/// The auto-encoder of the MIMII paper's baseline (2019): 320-64-64-8-64-64-320 with ReLU after each layer but the last and without batch
/// normalisation. Tensor names: <c>fc.0.weight</c> to <c>fc.5.bias</c>.
/// </summary>
public sealed class MimiiAutoEncoder : nn.Module<Tensor, Tensor>, IDenseStack
{
    private readonly ModuleList<Linear> fc;

    /// <summary>Makes the network with PyTorch's default start, drawn from its own seed.</summary>
    /// <param name="inputs">Values a feature vector: frames x mel bands.</param>
    /// <param name="seed">Same seed, same weights.</param>
    public MimiiAutoEncoder(int inputs = 320, ulong seed = 0)
        : base(nameof(MimiiAutoEncoder))
    {
        int[] sizes = [inputs, 64, 64, 8, 64, 64, inputs];
        fc = new ModuleList<Linear>([.. sizes.Zip(sizes.Skip(1), (from, to) => nn.Linear(from, to))]);
        RegisterComponents();
        LinearStart.Draw(fc, seed);
    }

    IReadOnlyList<DenseLayer> IDenseStack.Layers => [.. fc.Select(linear => new DenseLayer(linear, null))];

    /// <summary>Reconstructs feature vectors.</summary>
    /// <param name="input">(vectors, inputs), log-mel in dB.</param>
    /// <returns>(vectors, inputs).</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input; // (vectors, inputs)
        for (var i = 0; i < fc.Count; i++)
        {
            x = fc[i].call(x); // (vectors, 64, 64, 8, 64, 64, inputs)
            if (i < fc.Count - 1) x = x.relu();
        }

        return x.MoveToOuterDisposeScope(); // (vectors, inputs)
    }
}
