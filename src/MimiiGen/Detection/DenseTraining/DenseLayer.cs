using TorchSharp.Modules;

namespace MimiiGen.Detection.DenseTraining;

/// <summary>A layer of a stack: linear, batch normalisation where there is one, and ReLU unless it is the last.</summary>
internal sealed record DenseLayer(Linear Linear, BatchNorm1d? Norm);

/// <summary>A network that is nothing but such layers, one after the other, the last without normalisation, and learns to give back what it gets.</summary>
internal interface IDenseStack
{
    /// <summary>The layers in their order.</summary>
    IReadOnlyList<DenseLayer> Layers { get; }
}
