using System.Text.Json.Nodes;
using TorchSharp;

namespace MimiiGen.Bench;

/// <summary>One network on one input, which peers can run too.</summary>
/// <param name="Name">What the table says.</param>
/// <param name="Network"><c>encoder</c>, <c>decoder</c> or <c>unet</c>, for the peer in Python.</param>
/// <param name="Config">The network's config, where it has one.</param>
/// <param name="Graph">Name of its ONNX graph; null: there is none.</param>
/// <param name="Inputs">Shapes of the inputs by name, in the order of the peers' arguments; filled by formula with variance 1.</param>
/// <param name="Operations">Floating-point operations of one run.</param>
/// <param name="Run">Our own run; returns the output.</param>
internal sealed record NetworkWork(
    string Name, string Network, JsonNode? Config, string? Graph, IReadOnlyDictionary<string, long[]> Inputs, double Operations, Func<torch.Tensor> Run);
