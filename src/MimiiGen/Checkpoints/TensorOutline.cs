using static TorchSharp.torch;

namespace MimiiGen.Checkpoints;

/// <summary>A tensor without its numbers.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">Of its numbers.</param>
/// <param name="Shape">Its axes.</param>
public sealed record TensorOutline(string Name, ScalarType Type, IReadOnlyList<long> Shape)
{
    /// <summary>Bytes of all its numbers.</summary>
    public long Bytes => Rows * Columns * NumberBytes;

    /// <summary>Length of the last axis.</summary>
    internal long Columns => Shape.Count == 0 ? 1 : Shape[^1];

    /// <summary>Product of all other axes.</summary>
    internal long Rows => Shape.SkipLast(1).Aggregate(1L, (product, length) => product * length);

    internal long NumberBytes => Array.Find(ElementType.All, t => t.Widen is null && t.Raw == Type)?.Size ?? (Type == ScalarType.Bool ? 1 : throw new ArgumentException($"safetensors has no type {Type}"));
}
