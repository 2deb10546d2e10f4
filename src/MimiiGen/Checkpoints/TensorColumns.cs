using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Checkpoints;

/// <summary>The tensors of an open safetensors file as tables of rows and columns (the last axis), of which some columns are read or written at a time.</summary>
public sealed class TensorColumns
{
    private readonly Stream stream;
    private readonly IReadOnlyDictionary<string, (TensorOutline Outline, long Begin)> places;

    internal TensorColumns(Stream stream, IReadOnlyDictionary<string, (TensorOutline Outline, long Begin)> places) => (this.stream, this.places) = (stream, places);

    /// <summary>What is known of a tensor; none where the file has no tensor of that name.</summary>
    public TensorOutline? Find(string name) => places.TryGetValue(name, out var place) ? place.Outline : null;

    /// <summary>Writes (rows, columns) into a tensor from a column on.</summary>
    public void Write(string name, long first, Tensor columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        using var scope = NewDisposeScope();
        var (outline, begin) = places[name];
        var values = columns.detach().to(outline.Type).cpu().reshape(outline.Rows, -1).contiguous(); // (rows, columns)
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + values.shape[1], outline.Columns);
        for (long row = 0; row < outline.Rows; row++)
        {
            stream.Position = begin + (((row * outline.Columns) + first) * outline.NumberBytes);
            values[row].WriteBytesToStream(stream);
        }
    }

    /// <summary>Reads (rows, count) of a tensor from a column on; the caller disposes it.</summary>
    public Tensor Read(string name, long first, long count)
    {
        using var scope = NewDisposeScope();
        var (outline, begin) = places[name];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + count, outline.Columns);
        var type = Array.Find(ElementType.All, t => t.Widen is null && t.Raw == outline.Type)!;
        var rows = new Tensor[outline.Rows];
        for (long row = 0; row < outline.Rows; row++)
        {
            stream.Position = begin + (((row * outline.Columns) + first) * outline.NumberBytes);
            rows[row] = type.Read(stream, count); // (count)
        }

        return stack(rows).MoveToOuterDisposeScope();
    }
}
