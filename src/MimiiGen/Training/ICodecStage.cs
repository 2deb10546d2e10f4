using MimiiGen.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>A part of a codec's training with its own losses and optimiser.</summary>
internal interface ICodecStage : IDisposable
{
    /// <summary>Name of its files and of its lines in the log.</summary>
    string Name { get; }

    /// <summary>How many steps it has.</summary>
    int Steps { get; }

    /// <summary>Whether the codebooks take part; if so, validation is of the highest bandwidth.</summary>
    bool Quantized { get; }

    /// <summary>Whether it ends with the weights of its best validation; if not, with the last ones.</summary>
    bool KeepsBest { get; }

    /// <summary>Of the codec's weights that the stage trains.</summary>
    AdamW Optimizer { get; }

    /// <summary>What the next step depends on besides the codec and its optimiser; the tensors themselves.</summary>
    IEnumerable<KeyValuePair<string, Tensor>> State();

    /// <summary>One step from the number of those done; gives its losses by name.</summary>
    IReadOnlyDictionary<string, double> Step(long step);
}
