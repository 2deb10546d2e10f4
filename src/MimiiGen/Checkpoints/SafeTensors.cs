using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Checkpoints;

/// <summary>
/// Reads and writes the safetensors format (github.com/huggingface/safetensors): an 8-byte little-endian header length,
/// a JSON header of name -> dtype, shape, data_offsets, then the data without holes.
/// </summary>
public static class SafeTensors
{
    /// <summary>
    /// All tensors of a file, on the CPU, in the types they are stored in; 8-bit floats come as Float32, U16 as Int32, U32 as Int64, and U64
    /// as the Int64 of the same bits, since TorchSharp has no such types. The caller disposes them.
    /// </summary>
    /// <exception cref="BadInputException">The file breaks the format; the message says how.</exception>
    public static Dictionary<string, Tensor> Read(string path)
    {
        using var scope = NewDisposeScope();
        return ReadEach(path).ToDictionary(entry => entry.Name, entry => entry.Value.MoveToOuterDisposeScope(), StringComparer.Ordinal);
    }

    /// <summary>
    /// One tensor after the other, as <see cref="Read"/> gives them, in the order of the file: a model of any size is filled with one of its
    /// tensors in memory at a time. The caller disposes each.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="wanted">Names to read; all where it is null.</param>
    /// <exception cref="BadInputException">The file breaks the format; the message says how.</exception>
    public static IEnumerable<(string Name, Tensor Value)> ReadEach(string path, Func<string, bool>? wanted = null)
    {
        using var stream = Open(path);
        var header = SafeTensorsHeader.Read(stream, path);
        foreach (var entry in header.Entries.OrderBy(e => e.Begin))
        {
            if (wanted?.Invoke(entry.Name) == false) continue;
            stream.Position = header.DataStart + entry.Begin;
            using var flat = entry.Type.Read(stream, (entry.End - entry.Begin) / entry.Type.Size); // (elements)
            yield return (entry.Name, flat.reshape(entry.Shape));
        }
    }

    /// <summary>The <c>__metadata__</c> of a file: empty where it has none.</summary>
    /// <exception cref="BadInputException">The file breaks the format; the message says how.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path)
    {
        using var stream = Open(path);
        return SafeTensorsHeader.Read(stream, path).Metadata;
    }

    /// <summary>Writes tensors in the order of their names, aside and then renamed; same tensors give the same bytes.</summary>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var outlines = tensors.Select(t => new TensorOutline(t.Key, t.Value.dtype, t.Value.shape)).ToArray();
        AtomicFile.Write(path, stream =>
        {
            foreach (var (name, _) in WriteHeader(stream, outlines, metadata))
            {
                using var scope = NewDisposeScope();
                var contiguous = tensors[name].detach().cpu().contiguous();
                if (contiguous.numel() > 0) contiguous.WriteBytesToStream(stream);
            }
        });
    }

    /// <summary>Writes tensors that are too large for memory: each is filled in place, some columns at a time. The file is written aside and then renamed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="outlines">What is in it.</param>
    /// <param name="metadata">Texts by name, of one's own.</param>
    /// <param name="fill">Fills the tensors; what it leaves out is zero.</param>
    public static void WriteColumns(string path, IReadOnlyCollection<TensorOutline> outlines, IReadOnlyDictionary<string, string>? metadata, Action<TensorColumns> fill)
    {
        ArgumentNullException.ThrowIfNull(outlines);
        ArgumentNullException.ThrowIfNull(fill);
        AtomicFile.Write(path, stream =>
        {
            var places = WriteHeader(stream, outlines, metadata).ToDictionary(p => p.Name, p => p.Begin, StringComparer.Ordinal);
            var start = stream.Position;
            stream.SetLength(start + outlines.Sum(o => o.Bytes));
            fill(new TensorColumns(stream, outlines.ToDictionary(o => o.Name, o => (o, start + places[o.Name]), StringComparer.Ordinal)));
        });
    }

    /// <summary>Tensors of a file that is too large for memory, to be read some columns at a time.</summary>
    /// <param name="stream">The file; stays the caller's.</param>
    /// <param name="path">Named in refusals.</param>
    /// <exception cref="BadInputException">The file breaks the format; the message says how.</exception>
    internal static (TensorColumns Tensors, IReadOnlyDictionary<string, string> Metadata) OpenColumns(Stream stream, string path)
    {
        var header = SafeTensorsHeader.Read(stream, path);
        var places = header.Entries.Where(e => e.Type.Widen is null).ToDictionary(e => e.Name, e => (new TensorOutline(e.Name, e.Type.Raw, e.Shape), header.DataStart + e.Begin), StringComparer.Ordinal);
        return (new TensorColumns(stream, places), header.Metadata);
    }

    /// <summary>Writes a header and gives the tensors in the order of their names, with the place of each behind the header.</summary>
    private static List<(string Name, long Begin)> WriteHeader(Stream stream, IEnumerable<TensorOutline> outlines, IReadOnlyDictionary<string, string>? metadata)
    {
        var places = new List<(string Name, long Begin)>();
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                writer.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata.OrderBy(p => p.Key, StringComparer.Ordinal)) writer.WriteString(key, value);
                writer.WriteEndObject();
            }

            long offset = 0;
            foreach (var outline in outlines.OrderBy(o => o.Name, StringComparer.Ordinal))
            {
                places.Add((outline.Name, offset));
                writer.WriteStartObject(outline.Name);
                writer.WriteString("dtype", NameOf(outline.Type));
                writer.WriteStartArray("shape");
                foreach (var length in outline.Shape) writer.WriteNumberValue(length);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(offset);
                writer.WriteNumberValue(offset += outline.Bytes);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        while (json.Length % 8 != 0) json.WriteByte((byte)' ');
        Span<byte> size = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(size, json.Length);
        stream.Write(size);
        json.WriteTo(stream);
        return places;
    }

    private static string NameOf(ScalarType type) =>
        type == ScalarType.Bool ? "BOOL"
        : Array.Find(ElementType.All, t => t.Widen is null && t.Raw == type)?.SafeTensorsName ?? throw new ArgumentException($"safetensors has no type {type}");

    private static FileStream Open(string path) =>
        File.Exists(path)
            ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16)
            : throw new BadInputException($"{path}: no such safetensors file");
}
